"""The page of a plugin in Google's own renderers, and what people do there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.interop.client import Client
from tests.interop.desk import HOSTILE, KINDS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

#: what each kind of component of the page ``kinds`` says, as other clients show it
SHOWN = {
    "markdown": ["Approval desk", "the rules"],
    "text": ["Two skills wait."],
    "list": ["1. look", "2. decide"],
    "table": ["Skill", "Why", "acme.echo", "three faults"],
    "form": ["Decide", "Reason", "kept in the log", "Tell whom", "For how long", "Verdict"],
    "select": ["Keep it out", "Let it in"],
    "checkbox": ["I am sure"],
    "button": ["Send"],
    "chart": ["Faults", f"Mon {'█' * 20} 3", f"Tue {'█' * 7} 1"],
    "unsupported": ["This part of the page cannot be shown: video."],
}
#: what no document can have: each loads something, sends something, or runs
_FORBIDDEN = "img, script, iframe, object, embed, form, base, meta, link, math, video"


def test_every_kind_of_component_is_shown(renderer, site, chromium):
    """Whatever a plugin shows can be read in a client that has never heard of this project."""
    with Client.at(site, renderer, KINDS, chromium) as client:
        for words in SHOWN.values():
            for each in words:
                client.reads(each)
        expect(client.page.get_by_role("link", name="the rules")).to_have_attribute(
            "href", "https://example.org/rules"
        )
        expect(client.page.get_by_role("spinbutton")).to_have_value("7")


def test_people_decide_while_the_page_changes(renderer, site, shell, chromium):
    """Two forms are sent off and answered; what was typed stays when the plugin changes the page."""
    with Client.at(site, renderer, "approvals", chromium) as client:
        page = client.page
        page.get_by_role("button", name="Look at it").click()
        client.reads("Decide about acme.greeter 1.0.0")
        page.get_by_role("radio").nth(1).check()
        page.get_by_role("textbox").first.fill("it whispers *now*")
        shell("--yes", "skill", "quarantine", "acme.notifier", "--reason", "to see the page change")
        client.reads("to see the page change")
        expect(page.get_by_role("textbox").first).to_have_value("it whispers *now*")
        page.get_by_role("spinbutton").fill("95")
        expect(page.get_by_role("button", name="Decide")).to_be_disabled()
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Decide").click()
        for words in (
            "enable, 95 % sure",
            "it whispers *now*",
            "operator:grace",
            "• palyra skill enable acme.greeter 1.0.0",
            f"to be enabled {'█' * 20} 1",
        ):
            client.reads(words)
        deliveries = shell("delivery", "list", "--hook", "surface:desk", "-o", "json").json
        # The page was told which delivery brings the second form to the plugin.
        last = max(deliveries, key=lambda each: each["scheduled_position"])["delivery_id"]
        expect(page.locator("body")).to_have_attribute("data-answer", last)
    assert [each["state"] for each in deliveries] == ["succeeded", "succeeded"]


def test_words_that_are_meant_to_do_harm_are_words(renderer, site, chromium):
    """Nothing is loaded, sent or run, and links lead only where documents may."""
    with Client.at(site, renderer, "hostile", chromium) as client:
        for words in HOSTILE[:24]:
            client.reads(words)
        shown = client.page.locator("main")
        links = shown.locator("a").evaluate_all("links => links.map((each) => each.href)")
        assert shown.locator(_FORBIDDEN).count() == 0
        assert set(links) == {"https://evil.example/track.png", "https://evil.example/t.png"}
