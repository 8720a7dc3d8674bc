from __future__ import annotations

import re
import signal

import pytest
from playwright.sync_api import expect

from tests.browser.crowd import bind_hooks, head_of
from tests.running_gateway import gateway_process

pytestmark = pytest.mark.slow


def test_a_page_goes_on_where_it_was_when_its_gateway_comes_back(operator, gateway, shell, address):
    """The gateway is killed and started again: the page says so, connects, and shows what it has missed."""
    page = operator.visit("/deliveries")
    newest = page.locator(".ledger-link .clip").first
    before = newest.inner_text()
    expect(page.get_by_role("button", name=re.compile("^Live"))).to_be_visible()
    gateway.end(signal.SIGKILL)
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    with gateway_process(shell, "--port", address.rpartition(":")[2]):
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        expect(newest).not_to_have_text(before)
    operator.forgive("net::ERR_")


@pytest.mark.parametrize("seen", [0, 7])
def test_nothing_is_lost_or_told_twice_over_a_kill(operator, gateway, shell, address, seen):
    """Each event is told once and in order, also what happened while there was no gateway.

    That is so even where the page had not been told of anything yet when the gateway was killed.
    """
    operator.listen()
    page = operator.visit("/timeline")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    before = head_of(shell.home)
    if seen:
        operator.told(bind_hooks(shell.home, [f"before-{number}" for number in range(seen)]))
    gateway.end(signal.SIGKILL)
    bind_hooks(shell.home, [f"meanwhile-{number}" for number in range(300)])
    with gateway_process(shell, "--port", address.rpartition(":")[2]):
        after = bind_hooks(shell.home, ["after"])
        told = operator.told(after)
        assert told == [*range(before + 1, before + 1 + len(told))]
    operator.forgive("net::ERR_")


def test_a_paused_page_stands_still_and_then_shows_all(operator, shell):
    """What happened during a pause is there when it is over."""
    page = operator.visit("/timeline")
    page.get_by_role("button", name="Live").click()
    shell("hook", "disable", "greet", "--reason", "while nobody looks")
    first = page.locator(".ledger-link").first
    position = first.inner_text()
    page.get_by_role("button", name="Paused").click()
    expect(first).not_to_have_text(position)
    expect(page.get_by_text("“while nobody looks”")).to_be_visible()
