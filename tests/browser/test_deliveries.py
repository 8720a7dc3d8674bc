from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def test_a_dead_letter_is_read_mended_and_redelivered(operator, shell):
    """From the listing to the reason of the failure; then, with a better release, to its success, live."""
    page = operator.visit("/deliveries?state=dead")
    page.get_by_role("link", name="64:sync").click()
    page.get_by_role("tab", name="Logs").click()
    expect(page.get_by_text("the remote ledger refused the batch")).to_be_visible()
    mended = shell("--yes", "skill", "enable", "acme.ledger-sync", "1.1.0", "--rebind", "--reason", "mended")
    assert mended.code == 0, mended.err
    page.get_by_role("button", name="Redeliver").click()
    page.get_by_label("Reason").fill("The new release can do it")
    page.get_by_role("dialog").get_by_role("button", name="Redeliver").click()
    expect(page.locator("h1 + .badge")).to_have_text("succeeded")
    expect(page.locator("q", has_text="The new release can do it")).to_be_visible()
    page.get_by_role("tab", name="Host calls").click()
    expect(page.locator(".calls > li")).to_have_count(4)
    expect(page.locator(".calls > li").last).to_contain_text("storage.get")


def test_a_hook_fires_and_what_failed_is_delivered_after_all(operator, shell):
    """A person disables and enables a skill; the hook that fails is mended, and its delivery arrives."""
    page = operator.visit("/skills/acme.greeter")
    for verb in ("Disable", "Enable"):
        page.get_by_role("button", name=verb, exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name=verb, exact=True).click()
        page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("link", name="Deliveries").click()
    failed = page.get_by_role("row").filter(has_text=":sync").first
    expect(failed).to_contain_text("now")
    expect(failed).to_contain_text("guest_failed")
    failed.get_by_role("link").click()
    expect(page.locator("h1 + .badge")).to_have_text("dead")
    expect(page.locator(".attempt")).to_have_count(1)
    mended = shell("--yes", "skill", "enable", "acme.ledger-sync", "1.1.0", "--rebind", "--reason", "mended")
    assert mended.code == 0, mended.err
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_role("button", name="Redeliver").click()
    expect(page.locator("h1 + .badge")).to_have_text("succeeded")
    expect(page.locator(".attempt")).to_have_count(2)


def test_the_filters_are_in_the_address(visitor):
    """A filtered listing can be sent to somebody else, and is the same there."""
    page = visitor.visit("/deliveries")
    page.get_by_role("button", name="Skipped").click()
    page.get_by_label("Hook").select_option("spin")
    page.wait_for_url("**/deliveries?state=skipped&hook=spin")
    page.reload()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("link", name="62:spin")).to_be_visible()


def test_what_happens_is_shown_as_it_happens(operator, shell):
    """A new delivery appears at the top of the listing without anybody asking for it."""
    page = operator.visit("/deliveries")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    shell("--yes", "skill", "disable", "acme.notifier", "--reason", "to see it live")
    expect(page.locator(".ledger-link").first).to_contain_text("spin")


def test_rows_are_walked_through_by_keys(visitor):
    """The keys j and k move, Enter opens, g d comes back."""
    page = visitor.visit("/deliveries")
    page.locator(".ledger-link").nth(2).wait_for()
    third = page.locator(".ledger-link .clip").nth(2).inner_text()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(third)
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/deliveries")
