from __future__ import annotations

import json
from typing import Any

import pytest

from palyra_events.application import Intent
from palyra_events.delivery import DeliverySkipped
from palyra_events.errors import StaleVersion, UnknownPlugin
from palyra_events.plugin import PluginBound, PluginRebound
from palyra_runtime.dispatch import PluginMayNotRun
from palyra_runtime.facade import ConfigRefused, SecretInConfig
from palyra_runtime.runner.errors import InvalidCapability
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering, guest, unchanged

CONTRACT = {
    "schema_version": 1,
    "required": ["unit"],
    "properties": {
        "unit": {"type": "string", "title": "Unit", "enum_values": ["K", "C"]},
        "limit": {"type": "integer", "default": 10},
        "api_token": {"type": "string", "redacted": True},
    },
}
SECRETS = [{"scope": "global", "key_names": ["weather"]}]


@pytest.fixture
def stage_policy() -> WasmPluginRunnerPolicy:
    return WasmPluginRunnerPolicy(allowed_secrets=("weather",))


@pytest.fixture
def bound(stage: Stage, stage_policy: WasmPluginRunnerPolicy) -> Stage:
    """A plugin that takes a configuration, and was granted a secret."""
    stage.palyra = stage.open("operator", policy=stage_policy)
    stage.policy = stage_policy
    _install(stage, "1.0.0")
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL, secrets=["weather"])
    return stage


def _install(stage: Stage, version: str, contract: dict[str, Any] | None = CONTRACT) -> None:
    operator = {"display_name": "Echo", **({} if contract is None else {"config": contract})}
    stage.install(guest("echo"), version=version, operator=operator, capabilities={"secrets": SECRETS})
    stage.palyra.skills.enable(SKILL, version=version)


def told(stage: Stage) -> Any:
    """Run the plugin and return the configuration that its guest was told."""
    stage.palyra.plugins.run(PLUGIN, input={})
    row = stage.events()[-1]
    return stage.document(row.invocation.input.sha256)["config"]


def test_what_is_set_is_what_the_guest_is_told(bound: Stage):
    """With the defaults; a secret is a handle, and its name stays with the operator."""
    detail = bound.palyra.configs.set(PLUGIN, {"unit": "K", "api_token": "secret:weather"}, reason="winter")

    assert detail.state == "valid"
    assert told(bound) == {"unit": "K", "limit": 10, "api_token": {"secret": 20_000}}


def test_a_configuration_is_shown_without_its_secrets(bound: Stage):
    """Each key says what it may be, whether it is set, and its value unless nobody is shown it."""
    bound.palyra.configs.set(PLUGIN, texts={"unit": "C", "api_token": "secret:weather", "limit": "7"})

    detail = bound.palyra.configs.get(" ECHO ")

    assert [(f.name, f.type, f.is_required, f.is_set, f.value) for f in detail.fields] == [
        ("api_token", "string", False, True, "[redacted]"),
        ("limit", "integer", False, True, 7),
        ("unit", "string", True, True, "C"),
    ]
    assert [f.choices for f in detail.fields] == [(), (), ("K", "C")]
    assert (detail.skill_version, detail.issues) == ("1.0.0", ())


def test_what_is_not_named_stays(bound: Stage):
    """Setting one value leaves the others, and unsetting one brings its default back."""
    bound.palyra.configs.set(PLUGIN, {"unit": "K", "limit": 3})
    bound.palyra.configs.set(PLUGIN, {"unit": "C"}, unset=["limit"])

    assert told(bound) == {"unit": "C", "limit": 10}


def test_the_rest_of_the_binding_stays(bound: Stage):
    """A configuration changes neither module nor grants, and binding anew keeps it."""
    bound.palyra.configs.set(PLUGIN, {"unit": "K"})
    bound.palyra.plugins.bind(PLUGIN, skill=SKILL)

    first, second, third = bound.events(PluginBound, PluginRebound)
    assert second.binding == first.binding.model_copy(update={"config": second.binding.config})
    assert third.binding.config == second.binding.config is not None
    assert third.binding.grants.is_empty


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"unit": "F"}, "unit is none of K, C"),
        ({"unit": "K", "colour": "red"}, "colour is not a key"),
        ({"unit": "K", "limit": "7"}, "limit is not of type integer"),
        ({"unit": "K", "api_token": "secret:other"}, "secret other, which is not granted"),
        ({"unit": "x" * 200_000}, "larger than"),
        ({"unit": float("nan")}, "no JSON"),
    ],
)
def test_values_that_do_not_fit_are_refused(bound: Stage, values: dict[str, Any], words: str):
    """The message names the key, and nothing is changed."""
    with unchanged(bound.log), pytest.raises(ConfigRefused, match=words):
        bound.palyra.configs.set(PLUGIN, values)


@pytest.mark.parametrize("key", ["api_token", "Password"])
def test_a_secret_in_plain_text_is_refused(bound: Stage, key: str):
    """Not even the message has it."""
    with unchanged(bound.log), pytest.raises(SecretInConfig) as refused:
        bound.palyra.configs.set(PLUGIN, {"unit": "K", key: "hunter2"})
    assert key in refused.value.message
    assert "hunter2" not in json.dumps([refused.value.message, refused.value.details])


def test_a_plugin_without_what_it_needs_does_not_run(bound: Stage):
    """A delivery is skipped and says why; a tool run is refused."""
    bound.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)
    bound.fire()
    bound.palyra.dispatch.drain()

    assert [event.cause for event in bound.events(DeliverySkipped)] == ["config_missing"]
    with pytest.raises(PluginMayNotRun, match="config missing"):
        bound.palyra.plugins.run(PLUGIN, input={})
    assert bound.palyra.configs.get(PLUGIN).issues == ("unit is required and not set",)


def test_another_release_needs_the_configuration_confirmed(bound: Stage):
    """What was set for one release is not reinterpreted by the next; setting nothing confirms it."""
    bound.palyra.configs.set(PLUGIN, {"unit": "K"})
    _install(bound, "1.1.0")

    before = bound.palyra.configs.get(PLUGIN)
    with pytest.raises(PluginMayNotRun, match="config requires migration"):
        bound.palyra.plugins.run(PLUGIN, input={})
    after = bound.palyra.configs.set(PLUGIN)

    assert (before.state, after.state, after.skill_version) == ("requires_migration", "valid", "1.1.0")
    assert told(bound) == {"unit": "K", "limit": 10}


def test_a_secret_whose_grant_was_taken_away(bound: Stage):
    """A reference to nothing is no configuration to run with."""
    bound.palyra.configs.set(PLUGIN, {"unit": "K", "api_token": "secret:weather"})
    bound.palyra.plugins.bind(PLUGIN, skill=SKILL)

    assert bound.palyra.configs.get(PLUGIN).state == "invalid"
    with pytest.raises(PluginMayNotRun, match="config invalid"):
        bound.palyra.plugins.run(PLUGIN, input={})


def test_values_that_were_erased(bound: Stage):
    """A plugin does not run with less than what was set for it, until somebody sets it again."""
    bound.palyra.configs.set(PLUGIN, {"unit": "K"})
    (event,) = bound.events(PluginRebound)
    with bound.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM blob WHERE digest = X'{event.binding.config.values.sha256}'")

    assert bound.palyra.configs.get(PLUGIN).state == "erased"
    with pytest.raises(PluginMayNotRun, match="config erased"):
        bound.palyra.plugins.run(PLUGIN, input={})
    assert bound.palyra.configs.set(PLUGIN, {"unit": "C"}).state == "valid"


def test_a_configuration_is_cleared(bound: Stage):
    """The defaults are left."""
    bound.palyra.configs.set(PLUGIN, {"unit": "K", "limit": 3})

    detail = bound.palyra.configs.clear(PLUGIN, reason="start again")

    assert [(field.name, field.value) for field in detail.fields if not field.is_set] == [
        ("api_token", None),
        ("limit", 10),
        ("unit", None),
    ]


def test_a_skill_that_takes_none(stage: Stage):
    """Nothing can be set, and its plugins run all the same."""
    stage.install(answering())
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)

    assert (stage.palyra.configs.get(PLUGIN).state, stage.palyra.configs.get(PLUGIN).fields) == ("valid", ())
    with pytest.raises(ConfigRefused, match="takes no configuration"):
        stage.palyra.configs.set(PLUGIN, {"a": 1})


def test_a_plugin_that_is_not_bound(stage: Stage):
    """There is nothing to configure."""
    with pytest.raises(UnknownPlugin):
        stage.palyra.configs.get("nobody")


def test_two_people_who_set_at_once(bound: Stage):
    """The second one is told, and undoes nothing of the first."""
    loaded = bound.application.loaded_plugin(PLUGIN)
    bound.palyra.configs.set(PLUGIN, {"unit": "K"})
    (other,) = [event.binding.config for event in bound.events(PluginRebound)]

    with unchanged(bound.log), pytest.raises(StaleVersion):
        bound.application.configure_plugin(loaded, other, Intent("operator:bob"))


@pytest.mark.parametrize(
    ("grants", "named"),
    [({"http_hosts": ["API.Example.com."]}, "api.example.com"), ({"http_hosts": ["https://a"]}, None)],
)
def test_grants_have_one_spelling(stage: Stage, grants: dict[str, list[str]], named: str | None):
    """A host is what it is called, however somebody types it; what is no host is refused."""
    policy = WasmPluginRunnerPolicy(allowed_http_hosts=("api.example.com",))
    operator = stage.open("operator", policy=policy)
    stage.install(answering(), capabilities={"http_egress_allowlist": ["api.example.com"]})
    if named is None:
        with pytest.raises(InvalidCapability):
            operator.plugins.bind(PLUGIN, skill=SKILL, **grants)
    else:
        assert operator.plugins.bind(PLUGIN, skill=SKILL, **grants).grants.http_hosts == (named,)
