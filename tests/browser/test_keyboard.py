from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow

#: tabs until a walk gives up; no page has so many stops
_STOPS_MAX = 150

_PAGES = {
    "o": "Overview",
    "t": "Timeline",
    "d": "Deliveries",
    "u": "Surfaces",
    "s": "Skills",
    "p": "Plugins",
    "h": "Hooks",
    "j": "Projections",
    "a": "Audit",
}

_FOCUSED = (
    "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent.trim() ?? ''"
)
#: whether somebody can see where the focus is; the link of a row marks the whole row
_RING = """() => {
    const focused = document.activeElement;
    const style = getComputedStyle(focused.closest('[role=row]') ?? focused);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus is called by these words, and can be seen to have it."""
    for _ in range(_STOPS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED).startswith(words):
            assert page.evaluate(_RING), f"nobody sees that {words!r} has the focus"
            return
    raise AssertionError(f"no key leads to {words!r}")


def test_each_page_has_its_keys(visitor):
    """G and a letter lead to each page."""
    page = visitor.visit("/audit")
    for letter, title in _PAGES.items():
        page.keyboard.press("g")
        page.keyboard.press(letter)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_release_is_quarantined_without_a_mouse(operator):
    """From the top of the page by Tab, Enter and letters alone; the focus comes back from the question."""
    page = operator.visit("/skills")
    page.locator(".ledger-link").first.wait_for()
    tab_to(page, "Greeter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Greeter")
    tab_to(page, "Quarantine")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Quarantine")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("By keys alone")
    tab_to(page, "Quarantine")
    page.keyboard.press("Enter")
    expect(page.locator("h1 + .badge")).to_have_text("quarantined")


def test_who_uses_keys_can_go_past_the_navigation(visitor):
    """The first stop of the page leads to its content."""
    page = visitor.visit("/timeline")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#content').contains(document.activeElement)")


def test_tabs_are_walked_by_arrows(visitor):
    """As everywhere: the arrows go from tab to tab, and what belongs to one is shown."""
    page = visitor.visit("/audit")
    page.get_by_role("tab", name="Verify").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Checkpoints")).to_be_focused()
    expect(page.get_by_role("tab", name="Checkpoints")).to_have_attribute("aria-selected", "true")
    page.wait_for_url("**/audit?tab=checkpoints")


def test_letters_that_are_typed_are_no_keys(visitor):
    """Who searches for a word that begins with g d stays where he is."""
    page = visitor.visit("/timeline")
    page.keyboard.press("/")
    expect(page.get_by_label("Search events")).to_be_focused()
    page.keyboard.type("gd?n")
    page.wait_for_url("**/timeline?q=gd%3Fn")
    expect(page.get_by_role("dialog")).to_have_count(0)
