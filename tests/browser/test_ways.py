from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.operator import PHONE, Operator

pytestmark = pytest.mark.slow


def test_everything_is_found_by_its_name(visitor):
    """Ctrl K, a part of a name, Enter."""
    page = visitor.visit("/audit")
    page.keyboard.press("Control+k")
    page.keyboard.type("ledger-sync")
    # The skill itself: a plugin may be found by the skill that it is of, before skills are there.
    expect(page.get_by_role("option").first).to_have_text(re.compile(r"^skill\s*acme\.ledger-sync"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/skills/acme.ledger-sync")


def test_a_chosen_theme_stays(visitor):
    """A theme that somebody has chosen is there on the next page, whatever the system says."""
    page = visitor.visit("/")
    visitor.wear("light")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Theme: light").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_all_pages_are_reached_on_a_phone(visitor):
    """The menu opens over the page, and closes when a page was chosen."""
    visitor.wear("light", PHONE)
    page = visitor.visit("/")
    page.get_by_role("button", name="Open the menu").click()
    page.get_by_role("link", name="Projections").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projections")
    expect(page.get_by_role("link", name="Surfaces")).to_be_hidden()


def test_a_viewer_looks_and_changes_nothing(address, shell, chromium):
    """What a viewer may not do is there and disabled, and says which role it takes."""
    with Operator.logged_in(address, shell, chromium, role="viewer") as viewer:
        page = viewer.visit("/deliveries/48:sync")
        button = page.get_by_role("button", name="Redeliver")
        expect(button).to_be_disabled()
        expect(button).to_have_attribute("title", "This takes the role operator")
        assert viewer.complaints == []


def test_a_link_opens_the_console_once(operator, address, shell, chromium):
    """A second use is refused, with the command that makes another link; the secret is out of the address."""
    link = shell("gateway", "login", "--url", address, "-o", "json").json["url"]
    for use in range(2):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(link)
        if use == 0:
            expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
        else:
            expect(page.get_by_role("alert")).to_contain_text("used")
            expect(page.locator(".command-line")).to_contain_text("palyra gateway login")
        assert "#" not in page.url
        context.close()
