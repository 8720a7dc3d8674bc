from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.operator import DESK, PHONE, Operator
from tests.browser.test_keyboard import tab_to
from tests.browser.weather import SKILL, saved, weather_artifact
from tests.stage import answering

pytestmark = pytest.mark.slow

#: drops a file on the page, as a hand does
_DROP = """([name, content]) => {
    const files = new DataTransfer();
    files.items.add(new File([Uint8Array.from(content)], name));
    window.dispatchEvent(new DragEvent("drop", { dataTransfer: files, cancelable: true }));
}"""


@pytest.fixture
def weather(tmp_path):
    """A skill of a publisher whom nobody knows, as a file."""
    return saved(tmp_path, "weather-1.0.0", weather_artifact())


def opened(page: Page) -> Locator:
    """Open the dialog in which a skill is installed."""
    page.get_by_role("button", name="Install a skill").click()
    return page.get_by_role("dialog")


def press_install(dialog: Locator) -> None:
    """Press its button."""
    dialog.get_by_role("button", name="Install", exact=True).click()


def test_a_skill_is_installed_from_a_file(operator, shell, weather):
    """Refused while nobody trusts its publisher, and then, with the same file, installed and audited."""
    page = operator.visit("/skills")
    dialog = opened(page)
    dialog.locator("input[type=file]").set_input_files(weather)
    digest = hashlib.sha256(weather.read_bytes()).hexdigest()
    expect(dialog.get_by_text(digest[:12])).to_be_visible()
    press_install(dialog)
    expect(dialog.locator(".failure")).to_contain_text("is not trusted")
    expect(dialog.locator(".file-name")).to_have_text("weather-1.0.0.palyra-skill")
    dialog.get_by_role("switch", name="Trust its publisher").check()
    expect(dialog.locator(".notice.warn")).to_contain_text("Compare the key")
    dialog.get_by_label("SHA-256", exact=False).first.fill(digest.upper())
    dialog.get_by_label("Reason").fill("For the picnic")
    press_install(dialog)
    expect(dialog.locator(".notice.good")).to_contain_text("passed its audit")
    expect(dialog).to_contain_text("accepted just now")
    dialog.get_by_role("link", name="Look at it").click()
    expect(page.locator("h1 + .badge")).to_have_text("installed")
    expect(page.get_by_text("For the picnic").first).to_be_visible()
    release = shell("skill", "list", "-o", "json").json[-1]
    assert (release["skill_id"], release["artifact_sha256"]) == (SKILL, digest)
    operator.forgive("status of 403")


def test_a_file_is_dropped_on_the_page(operator, weather):
    """The browser stays where it is, and the file is chosen."""
    page = operator.visit("/skills")
    dialog = opened(page)
    page.evaluate(_DROP, ["dropped.palyra-skill", [*weather.read_bytes()]])
    expect(dialog.locator(".file-name")).to_have_text("dropped.palyra-skill")
    expect(dialog.get_by_role("button", name="Install", exact=True)).to_be_enabled()


def test_another_file_than_the_one_that_was_meant_is_not_sent(visitor, weather):
    """A digest that is not that of the file is said at the field, and nothing can be installed."""
    page = visitor.visit("/skills")
    dialog = opened(page)
    dialog.locator("input[type=file]").set_input_files(weather)
    dialog.get_by_label("SHA-256", exact=False).first.fill("0" * 64)
    expect(dialog.locator(".field-problem")).to_contain_text("not the file that was meant")
    expect(dialog.get_by_role("button", name="Install", exact=True)).to_be_disabled()


def test_what_is_no_artifact_is_refused_in_words(operator, tmp_path):
    """The gateway says what is wrong with a file and what to do, and the file stays chosen."""
    page = operator.visit("/skills")
    dialog = opened(page)
    dialog.locator("input[type=file]").set_input_files(saved(tmp_path, "photo", b"no archive at all"))
    press_install(dialog)
    expect(dialog.locator(".failure")).to_contain_text("INVALID_ARCHIVE")
    expect(dialog.locator(".failure p.soft")).not_to_be_empty()
    expect(dialog.locator(".file-name")).to_have_text("photo.palyra-skill")
    operator.forgive("status of 400")


def test_a_release_that_fails_its_audit_is_shown_with_its_failures(operator, tmp_path):
    """It is in quarantine, and whoever installed it reads why; the key of its publisher was not kept."""
    page = operator.visit("/skills")
    dialog = opened(page)
    spoilt = weather_artifact(modules={"forecast.wasm": answering(), "spoilt.wasm": b"\0asm\1\0\0\0\xff"})
    dialog.locator("input[type=file]").set_input_files(saved(tmp_path, "spoilt", spoilt))
    dialog.get_by_role("switch").check()
    press_install(dialog)
    expect(dialog.locator(".notice.held")).to_contain_text("spoilt.wasm")
    expect(dialog.locator(".badge").first).to_have_text("quarantined")
    expect(dialog).to_contain_text("it was not kept")


def test_a_skill_is_installed_without_a_mouse(operator, weather):
    """Every step has a stop for the Tab key, and somebody can see where the focus is."""
    page = operator.visit("/skills")
    dialog = opened(page)
    dialog.locator("input[type=file]").set_input_files(weather)
    dialog.locator("input[type=file]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(dialog.locator("input[type=file]")).to_be_focused()
    dialog.get_by_label("SHA-256", exact=False).first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(dialog.get_by_role("switch")).to_be_checked()
    tab_to(page, "Install")
    page.keyboard.press("Enter")
    expect(dialog.locator(".notice.good")).to_contain_text("passed its audit")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Install a skill")).to_be_focused()


def test_the_dialog_can_be_used_by_everybody(visitor, axe, weather):
    """Axe finds nothing serious in it, by light and by dark, at a desk and on a phone."""
    found = {}
    for theme, size in (("light", DESK), ("dark", PHONE)):
        visitor.wear(theme, size)
        page = visitor.visit("/skills")
        dialog = opened(page)
        dialog.locator("input[type=file]").set_input_files(weather)
        dialog.get_by_role("switch").check()
        found[theme] = visitor.serious_findings(axe)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert found == {"light": [], "dark": []}


@pytest.mark.parametrize("path", ["/skills", "/plugins", "/hooks"])
def test_who_may_only_look_is_told_so(lived_in, path):
    """The button is there and cannot be pressed; it says which role that takes."""
    with Operator.logged_in(lived_in.address, lived_in.shell, lived_in.browser, role="viewer") as viewer:
        page = viewer.visit(path)
        button = page.locator(".page-actions .button.primary")
        expect(button).to_be_disabled()
        expect(button).to_have_attribute("title", "This takes the role operator")
        assert viewer.complaints == []


@pytest.mark.parametrize("path", ["/skills?at=30", "/plugins?at=60", "/hooks?at=60"])
def test_nothing_is_made_in_the_past(visitor, path):
    """Who looks at an earlier position cannot install or bind anything there."""
    page = visitor.visit(path)
    button = page.locator(".page-actions .button.primary")
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("title", "Nothing can be changed in the past")
