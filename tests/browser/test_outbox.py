from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

GIVEN_UP, UNTRIED = "88.0", "88.1"


def test_a_message_that_was_given_up_is_read_and_tried_again(operator, shell):
    """From the tab of deliveries to what it says and how each try went; then it is due at once."""
    page = operator.visit("/deliveries")
    page.get_by_role("link", name="Outbox").click()
    row = page.get_by_role("row").filter(has_text=GIVEN_UP)
    expect(row).to_contain_text("The receiver answered 503 Service Unavailable.")
    row.get_by_role("link").click()
    expect(page.get_by_text("ledger-sync fails")).to_be_visible()
    expect(page.get_by_text("try 12 to ops failed: http_503; given up")).to_be_visible()
    page.get_by_role("button", name="Try again now").click()
    page.get_by_label("Reason").fill("The receiver is up again")
    page.get_by_role("dialog").get_by_role("button", name="Try again now").click()
    expect(page.locator("h1 + .badge")).to_have_text("retrying")
    expect(page.locator("q")).to_contain_text("The receiver is up again")
    assert shell("outbox", "show", GIVEN_UP, "-o", "json").json["state"] == "retrying"


def test_a_message_is_discarded_with_a_reason(operator, shell):
    """Without one it cannot be; with one it is gone from the outbox, and its page says what became of it."""
    page = operator.visit(f"/deliveries/outbox/{UNTRIED}")
    page.get_by_role("button", name="Discard").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Discard")).to_be_disabled()
    dialog.get_by_label("Reason").fill("Everybody knows by now")
    dialog.get_by_role("button", name="Discard").click()
    expect(page.locator("h1 + .badge")).to_have_text("discarded")
    page.get_by_role("link", name="Outbox").click()
    expect(page.get_by_role("link", name=GIVEN_UP)).to_be_visible()
    expect(page.get_by_role("link", name=UNTRIED)).to_have_count(0)
    history = shell("outbox", "show", UNTRIED, "-o", "json").json["history"]
    assert history[-1]["reason"] == "Everybody knows by now"


def test_the_filters_of_the_outbox_are_in_the_address(visitor):
    """Who gets the address sees the same messages."""
    page = visitor.visit("/deliveries/outbox")
    page.get_by_role("button", name="Waiting").click()
    page.get_by_label("Channel").select_option("ops")
    page.wait_for_url(re.compile(r"/deliveries/outbox\?state=waiting&channel=ops$"))
    page.reload()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("link", name=UNTRIED)).to_be_visible()
    page.get_by_label("Plugin").select_option("sync")
    expect(page.get_by_text("No message is like this")).to_be_visible()


def test_what_is_given_up_needs_attention(visitor):
    """The overview names it, and leads to it."""
    page = visitor.visit("/")
    page.get_by_role("link", name=re.compile(f"{GIVEN_UP} to ops")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GIVEN_UP)
