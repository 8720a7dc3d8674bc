from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

#: where the scene has come to: skills alone, all bound, after the first deliveries
_MOMENTS = (20, 46, 70)

#: listings, and which field of the command line's answer is the name of a row
_LISTINGS = {"hook": "hook_id", "plugin": "plugin_id", "delivery": "delivery_id"}
_PATHS = {"hook": "/hooks", "plugin": "/plugins", "delivery": "/deliveries"}


@pytest.mark.parametrize("noun", _LISTINGS)
def test_the_past_is_what_the_command_line_tells(visitor, lived_in, noun):
    """At a position, the page lists what there was then, and nothing of what came later."""
    for at in _MOMENTS:
        told = lived_in.shell(noun, "list", "--at", str(at), "-o", "json").json
        page = visitor.visit(f"{_PATHS[noun]}?at={at}")
        expect(page.locator(".ledger-link")).to_have_count(len(told))
        shown = page.locator(".ledger-link .clip").all_inner_texts()
        assert sorted(shown) == sorted(row[_LISTINGS[noun]] for row in told)


def test_the_past_goes_along_from_page_to_page(visitor):
    """Who steps back by one event stays there on every page, until he comes back to now."""
    page = visitor.visit("/hooks?at=70")
    band = page.get_by_role("region", name="Time travel")
    expect(band).to_contain_text("As it was at position 70")
    band.get_by_role("button", name="One event back").click()
    page.wait_for_url("**/hooks?at=69")
    page.get_by_role("link", name="Deliveries").click()
    page.wait_for_url("**/deliveries?at=69")
    expect(band).to_contain_text("As it was at position 69")
    band.get_by_role("button", name="Back to now").click()
    page.wait_for_url("**/deliveries")
    expect(band).to_have_count(0)


def test_nothing_can_be_changed_in_the_past(visitor):
    """Each button that would change something is there, off, and says why."""
    buttons = {
        "/skills/acme.greeter?at=70": "Disable",
        "/deliveries/48:sync?at=90": "Redeliver",
        "/surfaces/approvals?at=115": "Close",
    }
    for path, name in buttons.items():
        button = visitor.visit(path).get_by_role("button", name=name, exact=True)
        expect(button).to_be_disabled()
        expect(button).to_have_attribute("title", "Nothing can be changed in the past")
    submit = visitor.page.locator(".a2ui-form-body button[type=submit]")
    expect(submit.first).to_be_disabled()
    expect(visitor.visit("/deliveries?at=70").get_by_role("button", name="Change many")).to_be_disabled()
