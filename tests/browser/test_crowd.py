from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.crowd import BATCH, bind_hooks, head_of, steady_writer
from tests.browser.house import House
from tests.browser.operator import Operator

pytestmark = pytest.mark.slow

_CROWD = 10_000
#: how many events a second, and for how many seconds
_STEADY_RATE, _STEADY_S = 500, 4
#: rows that are there at most, on a screen of 900 pixels
_ROWS_MAX = 80

#: scrolls on and on, until there is a row of a number
_SCROLLED = """index => {
    window.scrollTo(0, document.documentElement.scrollHeight);
    return document.querySelector(`[role=row][aria-rowindex="${index}"]`) !== null;
}"""


@pytest.fixture(scope="module")
def crowded(played_home, chromium, tmp_path_factory) -> Iterator[House]:
    """A gateway with ten thousand hooks."""
    home = shutil.copytree(played_home, tmp_path_factory.mktemp("crowded") / "home")
    bind_hooks(home, [f"crowd-{number:05}" for number in range(_CROWD)])
    with House.opened(home, chromium) as house:
        yield house


@pytest.fixture
def onlooker(crowded) -> Iterator[Operator]:
    """An admin who looks at so many."""
    with crowded.visitor() as person:
        yield person


def rows_there(page: Page) -> int:
    """Return how many rows of a listing exist."""
    return page.locator(".ledger-body > [role=row]").count()


def test_ten_thousand_rows_scroll(onlooker):
    """Only the rows in sight exist, and the last one of them all can be scrolled to and opened."""
    page = onlooker.visit("/hooks")
    table = page.get_by_role("table", name="Hooks")
    table.wait_for()
    count = int(table.get_attribute("aria-rowcount"))
    assert count > _CROWD
    assert rows_there(page) <= _ROWS_MAX
    page.wait_for_function(_SCROLLED, arg=count)
    last = page.locator(f'[role=row][aria-rowindex="{count}"]')
    expect(last).to_be_in_viewport()
    assert rows_there(page) <= _ROWS_MAX
    name = last.locator(".clip").first.inner_text()
    last.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_listing_is_read_on_to_its_end(onlooker):
    """Page by page to the first event of all; ten thousand rows stand in order, none out or twice."""
    page = onlooker.visit("/timeline")
    page.wait_for_function(_SCROLLED, arg=_CROWD)
    shown = page.locator(".ledger-body > [role=row]").evaluate_all(
        "all => all.map(each => [each.ariaRowIndex, each.querySelector('a').getAttribute('href')])"
    )
    places = {(int(row), int(href.rpartition("/")[2])) for row, href in shown}
    assert len({row + position for row, position in places}) == 1
    assert rows_there(page) <= _ROWS_MAX


def test_a_tail_of_many_events_a_second_loses_none(onlooker, crowded):
    """Five hundred events at once, and five hundred more before the page can have shown them, and so on."""
    onlooker.listen()
    page = onlooker.visit("/timeline")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    before = head_of(crowded.shell.home)
    head = bind_hooks(crowded.shell.home, [f"tail-{number:05}" for number in range(6 * BATCH)])
    assert onlooker.told(head) == [*range(before + 1, head + 1)]
    expect(page.locator(".ledger-body [role=row]").first).to_contain_text(f"{head:,}")
    assert rows_there(page) <= _ROWS_MAX


def test_a_steady_tail_loses_none(onlooker, crowded):
    """Five hundred events a second, for seconds: each is told once and in order, and the newest is shown."""
    onlooker.listen()
    page = onlooker.visit("/timeline")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    before = head_of(crowded.shell.home)
    with steady_writer(crowded.shell.home, count=_STEADY_S * _STEADY_RATE, rate=_STEADY_RATE):
        head = before + _STEADY_S * _STEADY_RATE
        assert onlooker.told(head) == [*range(before + 1, head + 1)]
    expect(page.locator(".ledger-body [role=row]").first).to_contain_text(f"{head:,}")


def test_a_rebuild_is_seen_while_it_runs(onlooker, crowded):
    """While it has to wait for the database it is shown as running, with a way to stop it; then it ends."""
    page = onlooker.visit("/projections")
    page.get_by_role("button", name="Rebuild").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("are folded anew")
    with closing(sqlite3.connect(crowded.shell.home / "palyra.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        dialog.get_by_role("button", name="Rebuild").click()
        expect(page.locator(".job .badge")).to_have_text("running")
        expect(page.locator(".job").get_by_role("button", name="Cancel")).to_be_enabled()
        other.execute("ROLLBACK")
    expect(page.locator(".job .badge")).to_have_text("done")
    expect(page.get_by_role("progressbar", name="Rebuild")).to_have_attribute("aria-valuenow", "100")
