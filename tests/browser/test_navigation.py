from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import PAGES

pytestmark = pytest.mark.slow

TITLES = (
    "Overview",
    "Timeline",
    "Deliveries",
    "Surfaces",
    "Skills",
    "Plugins",
    "Hooks",
    "Projections",
    "Audit",
)

#: what an empty page says that somebody can do, by its address
FIRST_STEPS = {
    "/deliveries": "palyra hook bind NAME --event skill:enabled --plugin PLUGIN",
    "/surfaces": "palyra surface validate FILE",
    "/skills": "palyra skill install FILE.palyra-skill --trust-on-first-use",
    "/plugins": "palyra plugin bind",
    "/hooks": "palyra hook bind NAME --event skill:enabled --plugin PLUGIN",
    "/audit?tab=proof": "palyra audit prove POSITION",
}

#: things that nobody has, by the words that say so
NOWHERE = {
    "/skills/acme.nobody": "acme.nobody",
    "/plugins/nobody": "nobody",
    "/hooks/nobody": "nobody",
    "/deliveries/1:nobody": "1:nobody",
    "/surfaces/nobody": "nobody",
    "/timeline/999999": "999999",
    "/projections/nobody": "nobody",
}


@pytest.mark.parametrize("house", ["lived_in", "bare"])
def test_each_page_opens_from_the_navigation(request, house):
    """With data and without: one click each, and the page is there, named in the title of the window."""
    with request.getfixturevalue(house).visitor() as person:
        page = person.visit("/")
        for title in (*TITLES[1:], TITLES[0]):
            page.get_by_role("navigation", name="Pages").get_by_role(
                "link", name=re.compile(f"^{title}")
            ).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            page.locator(".loading").first.wait_for(state="detached")
            assert page.title() == f"{title} · Palyra"
            expect(page.locator(".failure")).to_have_count(0)


def test_each_page_opens_by_its_address(visitor):
    """What somebody was sent as a link opens as it is, without an error."""
    failed = {}
    for name, path in PAGES.items():
        page = visitor.visit(path)
        failed[name] = page.locator(".failure").all_inner_texts()
    assert {name: words for name, words in failed.items() if words} == {}


def test_an_empty_gateway_says_how_to_begin(bare):
    """Each page on which there is nothing names the command that would change that."""
    with bare.visitor() as person:
        for path, command in FIRST_STEPS.items():
            expect(person.visit(path).locator(".empty")).to_contain_text(command)


def test_pages_of_an_empty_gateway_can_be_used_by_everybody(bare, axe):
    """Axe finds nothing serious where there is nothing either, in both themes."""
    found = {}
    with bare.visitor() as person:
        for theme in ("light", "dark"):
            person.wear(theme)
            for path in ("/", "/timeline", *FIRST_STEPS):
                person.visit(path)
                found[theme, path] = person.serious_findings(axe)
    assert {place: findings for place, findings in found.items() if findings} == {}


def test_dialogs_can_be_used_by_everybody(visitor, axe):
    """Axe finds nothing serious in palette, keys, time travel and the question why, in both themes."""
    found = {}
    for theme in ("light", "dark"):
        visitor.wear(theme)
        page = visitor.visit("/skills/acme.greeter")
        for opened in ("Go to…", "Keys", "Travel in time", "Quarantine"):
            page.get_by_role("button", name=opened, exact=True).click()
            page.get_by_role("dialog").wait_for()
            found[theme, opened] = visitor.serious_findings(axe)
            page.keyboard.press("Escape")
            page.get_by_role("dialog").wait_for(state="detached")
    assert {place: findings for place, findings in found.items() if findings} == {}


def test_what_is_not_there_is_said_in_words(visitor):
    """An address of something that nobody has is answered with its name and a way back; nothing breaks."""
    for path, words in NOWHERE.items():
        visitor.page.goto(f"{visitor.address}{path}")
        expect(visitor.page.locator(".failure, .empty")).to_contain_text(words)
        expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(words)
        expect(visitor.page.get_by_role("navigation", name="Where this belongs")).to_be_visible()
    visitor.page.goto(f"{visitor.address}/no/such/page")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    visitor.forgive("404")


def test_who_is_not_logged_in_sees_the_door_and_nothing_else(lived_in):
    """Whatever address he tries, he is told how to get in."""
    with lived_in.stranger() as person:
        for path in ("/", "/skills/acme.greeter", "/audit?tab=actors"):
            person.page.goto(f"{person.address}{path}")
            expect(person.page.get_by_text("palyra gateway login")).to_be_visible()
            expect(person.page.get_by_role("navigation", name="Pages")).to_have_count(0)
        person.forgive("401")


def test_who_logs_out_is_outside(operator):
    """The door is shown at once, and going back in the history shows nothing of what was inside."""
    page = operator.visit("/skills")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    page.go_back()
    expect(page.get_by_text("palyra gateway login")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages")).to_have_count(0)
    operator.forgive("401")
