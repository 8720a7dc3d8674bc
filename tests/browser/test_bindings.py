from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.operator import DESK, PHONE, Operator
from tests.browser.weather import SKILL, saved, weather_artifact
from tests.shell import Shell

pytestmark = pytest.mark.slow


@pytest.fixture
def stocked(shell, tmp_path) -> Shell:
    """The home in which the scene was played, with one skill more that nobody has bound anything to."""
    artifact = saved(tmp_path, "weather", weather_artifact())
    assert shell("skill", "install", str(artifact), "--trust-on-first-use").code == 0
    assert shell("--yes", "skill", "enable", SKILL).code == 0
    return shell


@pytest.fixture
def bound(stocked) -> Shell:
    """The same with a plugin of that skill that may run."""
    plugin = ("--skill", SKILL, "--module", "modules/forecast.wasm", "--storage-prefix", "desk")
    assert stocked("plugin", "bind", "weather", *plugin).code == 0
    assert stocked("plugin", "config", "set", "weather", "town=Ulm").code == 0
    return stocked


def pressed(page: Page, verb: str) -> Locator:
    """Press a button of the page, and return the dialog that opens."""
    page.get_by_role("button", name=verb, exact=True).first.click()
    return page.get_by_role("dialog")


def press(dialog: Locator, verb: str) -> None:
    """Press a button of a dialog."""
    dialog.get_by_role("button", name=verb, exact=True).click()


def panel(page: Page, title: str) -> Locator:
    """Return a part of a page by its title."""
    return page.get_by_role("region", name=title, exact=True)


def row(shell: Shell, noun: str, name: str) -> dict[str, object]:
    """Return what the command line says about a plugin or a hook."""
    rows: list[dict[str, object]] = shell(noun, "list", "-o", "json").json
    return next(each for each in rows if each[f"{noun}_id"] == name)


def test_a_plugin_is_bound_with_the_powers_that_somebody_switches_on(stocked, operator):
    """What the policy does not allow is said at its switch; what is granted in the end is what was chosen."""
    page = operator.visit(f"/skills/{SKILL}")
    dialog = pressed(page, "Bind a plugin")
    expect(dialog.get_by_label("Name")).to_have_value("weather")
    expect(dialog.get_by_role("button", name="Bind", exact=True)).to_be_disabled()
    dialog.get_by_label("Module", exact=True).select_option("modules/forecast.wasm")
    expect(dialog.get_by_label("What will happen")).to_contain_text("It has no powers")
    press(dialog, "Grant all that it asks for")
    press(dialog, "Bind")
    refused = dialog.get_by_role("switch", name="cellar")
    expect(refused).to_have_accessible_description("The policy of this gateway does not allow it.")
    expect(dialog.get_by_role("switch", name="api.weather.example")).to_be_focused()
    for name in ("api.weather.example", "weather_token", "cellar"):
        dialog.get_by_role("switch", name=name).uncheck()
    dialog.get_by_label("Reason").fill("To know when to take an umbrella")
    press(dialog, "Bind")
    page.wait_for_url("**/plugins/weather")
    expect(page.get_by_text("To know when to take an umbrella")).to_be_visible()
    grants = {"http_hosts": [], "secrets": [], "storage_prefixes": ["desk"], "channels": ["ops"]}
    assert row(stocked, "plugin", "weather")["grants"] == grants
    operator.forgive("status of 403")


def test_a_name_that_is_taken_is_said_before_it_is_taken_over(operator, shell):
    """Who binds another skill under it reads what it runs now, and which grants go with it."""
    page = operator.visit("/skills/acme.greeter")
    dialog = pressed(page, "Bind a plugin")
    dialog.get_by_label("Name").fill("sync")
    plan = dialog.get_by_label("What will happen")
    expect(plan).to_contain_text("modules/sync.wasm")
    expect(plan).to_contain_text("1 hook")
    expect(plan.locator(".taken")).to_contain_text("storage_prefixes: notes")
    press(dialog, "Bind anew")
    page.wait_for_url("**/plugins/sync")
    assert row(shell, "plugin", "sync")["skill_id"] == "acme.greeter"


def test_grants_are_changed_and_a_plugin_that_hooks_run_is_not_unbound(operator, shell):
    """Without its grant it keeps nothing more; its hooks are named, and its name stays while they run it."""
    page = operator.visit("/plugins/sync")
    panel(page, "What it may do").get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("switch", name="notes").uncheck()
    expect(dialog.locator(".changes .taken")).to_contain_text("storage_prefixes: notes")
    press(dialog, "Grant this")
    dialog.wait_for(state="detached")
    grants = row(shell, "plugin", "sync")["grants"]
    assert grants == {"http_hosts": [], "secrets": [], "storage_prefixes": [], "channels": []}
    dialog = pressed(page, "Unbind")
    expect(dialog.locator(".notice.warn")).to_contain_text("sync")
    press(dialog, "Unbind")
    expect(dialog.locator(".failure")).to_contain_text("PLUGIN_IN_USE")
    assert row(shell, "plugin", "sync")["is_enabled"]
    operator.forgive("status of 409")


def test_settings_are_checked_where_they_are_typed(bound, operator):
    """A secret in plain text and a word that is no number are said at their fields; then all of it is set."""
    page = operator.visit("/plugins/weather")
    panel(page, "Settings").get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("days").fill("soon")
    dialog.get_by_label("api_token").fill("hunter2")
    press(dialog, "Set")
    expect(dialog.get_by_label("api_token")).to_have_accessible_description(
        "A secret is set as secret:NAME, and granted to the plugin."
    )
    dialog.get_by_label("api_token").fill("")
    press(dialog, "Set")
    expect(dialog.get_by_label("days")).to_be_focused()
    dialog.get_by_label("days").fill("3")
    dialog.get_by_label("unit").select_option("K")
    dialog.get_by_label("others").fill("Bern\nRom")
    press(dialog, "Set")
    dialog.wait_for(state="detached")
    fields = {
        each["name"]: each
        for each in bound("plugin", "config", "get", "weather", "-o", "json").json["fields"]
    }
    assert {name: each["value"] for name, each in fields.items() if each["is_set"]} == {
        "days": 3,
        "others": ["Bern", "Rom"],
        "town": "Ulm",
        "unit": "K",
    }
    operator.forgive("status of 40")


def test_a_hook_is_bound_changed_and_unbound(operator, shell):
    """More attempts than the policy allows are said at their field; what is bound reacts, until it is not."""
    page = operator.visit("/hooks")
    dialog = pressed(page, "Bind a hook")
    dialog.get_by_label("Name").fill("Wave")
    expect(dialog.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Name").fill("wave")
    dialog.get_by_label("Event").select_option("skill:disabled")
    dialog.get_by_label("Plugin").select_option("greeter")
    dialog.get_by_label("Attempts").fill("90")
    press(dialog, "Bind")
    expect(dialog.get_by_label("Attempts")).to_have_accessible_description(
        "90 attempts were asked for; 1 to 5 are allowed."
    )
    dialog.get_by_label("Attempts").fill("2")
    press(dialog, "Bind")
    page.wait_for_url("**/hooks/wave")
    wave = row(shell, "hook", "wave")
    assert (wave["event_kind"], wave["plugin_id"], wave["attempts_max"]) == ("skill:disabled", "greeter", 2)
    dialog = pressed(page, "Change")
    dialog.get_by_label("Event").select_option("run:before_tool")
    dialog.get_by_label("Where it gives no answer").select_option("continue")
    press(dialog, "Change")
    dialog.wait_for(state="detached")
    expect(page.get_by_text("run:before_tool").first).to_be_visible()
    wave = row(shell, "hook", "wave")
    assert (wave["event_kind"], wave["on_failure"]) == ("run:before_tool", "continue")
    dialog = pressed(page, "Unbind")
    press(dialog, "Unbind")
    expect(page.get_by_text("There is no hook wave")).to_be_visible()
    operator.forgive("status of 400")


def test_a_hook_that_was_bound_in_the_console_fires(operator):
    """What happens after it was bound is delivered to its plugin, and is seen on its page."""
    page = operator.visit("/plugins/greeter")
    panel(page, "Hooks that run it").get_by_role("button", name="Bind a hook").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Plugin")).to_have_value("greeter")
    dialog.get_by_label("Name").fill("farewell")
    dialog.get_by_label("Event").select_option("skill:disabled")
    press(dialog, "Bind")
    page.wait_for_url("**/hooks/farewell")
    other = page.context.new_page()
    other.goto(f"{operator.address}/skills/acme.notifier")
    dialog = pressed(other, "Disable")
    press(dialog, "Disable")
    expect(page.get_by_role("row").filter(has_text=":farewell")).to_contain_text("succeeded")


def test_a_tool_is_run_and_its_host_calls_are_shown(bound, operator):
    """What does not follow the schema is seen while it is typed, and refused; then it runs."""
    page = operator.visit("/plugins/weather")
    dialog = pressed(page, "Run")
    asked = dialog.get_by_role("textbox", name="Input")
    expect(asked).to_have_value('{\n  "town": ""\n}')
    asked.fill('{"town":')
    expect(dialog.locator(".field-problem")).to_contain_text("no JSON yet")
    expect(dialog.get_by_role("button", name="Run it")).to_be_disabled()
    asked.fill('{"town": 4, "street": "Main"}')
    expect(dialog.locator(".field-problem")).to_have_text(
        "town is to be a string. street is not known to it."
    )
    press(dialog, "Run it")
    expect(dialog.locator(".failure")).to_contain_text("TOOL_INPUT_REFUSED")
    asked.fill('{"town": "Ulm"}')
    press(dialog, "Run it")
    verdict = dialog.get_by_label("What came of it")
    expect(verdict.locator(".badge").first).to_have_text("ok")
    expect(verdict.get_by_text("Fuel")).to_be_visible()
    verdict.get_by_role("tab", name="Host calls").click()
    expect(verdict.locator(".calls summary code").nth(1)).to_have_text("storage.put")
    assert bound("plugin", "storage", "list", "weather", "-o", "json").json[0]["path"] == "desk/last"
    verdict.get_by_role("link", name="event").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("PluginInvoked")
    operator.forgive("status of 400")


def test_a_page_that_a_run_shows_is_drawn(bound, operator):
    """A run that needs an approval waits for one with a reason; what it shows is drawn as a page."""
    plugin = ("--skill", SKILL, "--module", "modules/sky.wasm")
    assert bound("plugin", "bind", "sky", *plugin).code == 0
    assert bound("plugin", "config", "set", "sky", "town=Ulm").code == 0
    page = operator.visit("/plugins/sky")
    dialog = pressed(page, "Run")
    dialog.get_by_label("Tool", exact=True).select_option("met.warn")
    run = dialog.get_by_role("button", name="Run it")
    expect(run).to_be_disabled()
    dialog.get_by_role("switch", name="I approve").check()
    expect(run).to_be_disabled()
    dialog.get_by_label("Reason").fill("A storm is coming")
    run.click()
    expect(dialog.locator(".a2ui").get_by_role("heading")).to_have_text("Rain until six")
    dialog.get_by_role("tab", name="Logs").click()
    expect(dialog.locator(".log-lines")).to_contain_text("looked out of the window")
    dialog.get_by_role("tab", name="Page").click()
    dialog.get_by_role("link", name="sky").click()
    page.wait_for_url("**/surfaces/sky")


def test_a_plugin_that_may_not_run_says_why(operator, shell):
    """Its skill is disabled: the gateway refuses the run in words, and the input stays."""
    assert shell("--yes", "skill", "disable", "acme.greeter", "--reason", "to see it refused").code == 0
    page = operator.visit("/plugins/greeter")
    dialog = pressed(page, "Run")
    dialog.get_by_role("textbox", name="Input").fill('{"name": "Ada"}')
    press(dialog, "Run it")
    expect(dialog.locator(".failure")).to_contain_text("PLUGIN_MAY_NOT_RUN")
    assert json.loads(dialog.get_by_role("textbox", name="Input").input_value()) == {"name": "Ada"}
    operator.forgive("status of 403")


def test_a_press_beside_a_form_loses_nothing(visitor):
    """What was typed is there still; Escape closes it, and the focus comes back."""
    page = visitor.visit("/hooks")
    dialog = pressed(page, "Bind a hook")
    dialog.get_by_label("Name").fill("half")
    page.mouse.click(5, 5)
    expect(dialog.get_by_label("Name")).to_have_value("half")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Bind a hook")).to_be_focused()


_DIALOGS = {
    "bind a plugin": ("/skills/acme.ledger-sync", "Bind a plugin"),
    "bind a hook": ("/hooks", "Bind a hook"),
    "change a hook": ("/hooks/sync", "Change"),
    "grants": ("/plugins/sync", "Change"),
    "run": ("/plugins/greeter", "Run"),
    "unbind": ("/plugins/greeter", "Unbind"),
}


def test_each_dialog_can_be_used_by_everybody(visitor, axe):
    """Axe finds nothing serious in any of them, by light and by dark; none is wider than a phone."""
    found = {}
    for theme, size in (("light", DESK), ("dark", PHONE)):
        visitor.wear(theme, size)
        for name, (path, verb) in _DIALOGS.items():
            page = visitor.visit(path)
            pressed(page, verb).locator(".dialog-foot").wait_for()
            found[theme, name] = visitor.serious_findings(axe)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    assert {place: findings for place, findings in found.items() if findings} == {}


def test_who_may_only_look_changes_no_binding(lived_in):
    """Every button that would change a plugin or a hook is there, cannot be pressed, and says why."""
    with Operator.logged_in(lived_in.address, lived_in.shell, lived_in.browser, role="viewer") as viewer:
        for path, verbs in (
            ("/plugins/sync", ("Run", "Unbind", "Disable")),
            ("/hooks/sync", ("Change", "Unbind", "Disable")),
        ):
            page = viewer.visit(path)
            for verb in verbs:
                button = page.locator(".page-actions").get_by_role("button", name=verb, exact=True)
                expect(button).to_be_disabled()
                expect(button).to_have_attribute("title", "This takes the role operator")
        assert viewer.complaints == []
