from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def test_a_release_is_quarantined_with_a_reason_and_a_hook_reacts(operator):
    """The state changes, the reason is in the history, and the alarm's delivery is there a moment later."""
    page = operator.visit("/skills/acme.ledger-sync?version=1.0.0")
    page.get_by_role("button", name="Quarantine").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Quarantine")).to_be_disabled()
    dialog.get_by_label("Reason").fill("It fails in accounting")
    dialog.get_by_role("button", name="Quarantine").click()
    expect(page.locator("h1 + .badge")).to_have_text("quarantined")
    expect(page.get_by_text("It fails in accounting").first).to_be_visible()
    page.get_by_role("link", name="Deliveries").click()
    alarm = page.get_by_role("row").filter(has_text=":alarm").first
    expect(alarm).to_contain_text("succeeded")
    expect(alarm).to_contain_text("now")


def test_a_quarantine_is_seen_by_who_looks_elsewhere(operator):
    """Who watches the alarms sees one go off when somebody quarantines a skill in another window."""
    page = operator.visit("/deliveries?hook=alarm")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    newest = page.locator(".ledger-link .mono").first
    before = newest.inner_text()
    other = page.context.new_page()
    other.goto(f"{operator.address}/skills/acme.notifier")
    other.get_by_role("button", name="Quarantine").click()
    other.get_by_role("dialog").get_by_label("Reason").fill("To hear the alarm")
    other.get_by_role("dialog").get_by_role("button", name="Quarantine").click()
    expect(newest).not_to_have_text(before)
    expect(page.get_by_role("row").nth(1)).to_contain_text("skipped")


def test_more_powers_are_shown_before_a_release_is_enabled(operator):
    """Who enables a release that may do more than the one before reads first what that is."""
    page = operator.visit("/skills/acme.ledger-sync?version=1.1.0")
    page.get_by_role("button", name="Enable", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".changes .added").first).to_contain_text("ledger.example.com")
    dialog.get_by_role("button", name="Enable").click()
    expect(page.locator("h1 + .badge")).to_have_text("enabled")


def test_the_past_is_shown_as_it_was(operator):
    """At position 30 the runaway was enabled; nothing can be changed there, and n comes back."""
    page = operator.visit("/skills?at=30")
    runaway = page.get_by_role("row").filter(has_text="acme.runaway")
    expect(runaway).to_contain_text("enabled")
    runaway.get_by_role("link").click()
    expect(page.get_by_role("button", name="Disable")).to_be_disabled()
    page.keyboard.press("n")
    expect(page.locator("h1 + .badge")).to_have_text("quarantined")
