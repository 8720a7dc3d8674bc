from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def test_a_release_is_decided_about_by_forms(operator, shell):
    """Choose a release, decide and say why: each form reaches the plugin, and its answer is on the page."""
    page = operator.visit("/surfaces/approvals")
    page.get_by_role("button", name="Look at it").click()
    reason = page.get_by_label("Why?")
    reason.wait_for()
    reason.fill("It is needed nowhere")
    page.get_by_label("I have read the reasons").check()
    page.locator(".a2ui-form-body").last.get_by_role("button").click()
    expect(page.locator(".a2ui")).to_contain_text("It is needed nowhere")
    kinds = [row["event_kind"] for row in shell("delivery", "list", "--newest", "-o", "json").json[:2]]
    assert kinds == ["form:submitted", "form:submitted"]


def test_a_patch_leaves_what_is_typed(operator, shell):
    """While somebody types, the plugin shows a new document; the words stay, and so does the cursor."""
    page = operator.visit("/surfaces/approvals")
    page.get_by_role("button", name="Look at it").click()
    reason = page.get_by_label("Why?")
    reason.wait_for()
    version = page.locator(".a2ui-owner").inner_text()
    reason.press_sequentially("half a sen")
    shell("--yes", "skill", "quarantine", "acme.notifier", "--reason", "one more for the desk")
    expect(page.locator(".a2ui-owner")).not_to_have_text(version)
    page.keyboard.type("tence")
    expect(reason).to_have_value("half a sentence")


def test_what_is_wrong_is_said_at_the_field(operator):
    """A form that lacks what it asks for is refused by the gateway, in words, where it belongs."""
    page = operator.visit("/surfaces/approvals")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label("Why?").wait_for()
    page.locator(".a2ui-form-body").last.get_by_role("button").click()
    expect(page.locator(".field-problem").first).to_be_visible()
    operator.forgive("status of 400")
