from __future__ import annotations

import hashlib

import pytest

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.errors import CapabilityDenied, EventTooLarge, InvalidInput
from palyra_events.plugin import PluginBound, PluginRebound
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.stage import PLUGIN, SKILL, Stage, answering, guest, unchanged

DECLARED = {
    "http_egress_allowlist": ["api.example.com", "other.example.com"],
    "node_capabilities": ["ops"],
}


def test_a_plugin_is_bound_to_the_only_module(stage: Stage):
    """Nothing has to be named where there is nothing to choose, and nothing is granted that is not named."""
    module = answering()
    stage.install(module)

    row = stage.palyra.plugins.bind(PLUGIN, skill=SKILL)

    assert (row.plugin_id, row.skill_id, row.module_path) == (PLUGIN, SKILL, "modules/plugin.wasm")
    assert row.module_sha256 == hashlib.sha256(module).hexdigest()
    assert row.grants == PluginCapabilityProfile()


def test_a_module_and_an_entrypoint_can_be_named(stage: Stage):
    """Of several modules and exports the operator chooses one."""
    stage.install({"a.wasm": answering(), "b.wasm": guest("two_entrypoints")})

    row = stage.palyra.plugins.bind(PLUGIN, skill=SKILL, module="modules/b.wasm", entrypoint="other")

    assert (row.module_path, row.entrypoint) == ("modules/b.wasm", "other")


def test_the_enabled_release_is_looked_at_before_a_newer_one(stage: Stage):
    """A binding is made for what runs; only where nothing is enabled, for the newest."""
    old, new = answering(), answering(1)
    stage.install(old)
    stage.palyra.skills.enable(SKILL)
    stage.install(new, version="2.0.0")

    row = stage.palyra.plugins.bind(PLUGIN, skill=SKILL)

    assert row.module_sha256 == hashlib.sha256(old).hexdigest()


def test_binding_to_the_same_changes_nothing(stage: Stage):
    """Repeating a command is harmless."""
    stage.install(answering())
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)

    with unchanged(stage.log):
        row = stage.palyra.plugins.bind(" Echo ", skill=SKILL)

    assert row.plugin_id == PLUGIN


def test_binding_anew_is_an_event_of_its_own(stage: Stage):
    """A plugin that is bound to something else says so, with the reason."""
    stage.install(answering())
    stage.install(answering(1), "acme.other")
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)

    row = stage.palyra.plugins.bind(PLUGIN, skill="acme.other", reason="faster")

    assert row.skill_id == "acme.other"
    assert [type(event) for event in stage.events(PluginBound, PluginRebound)] == [PluginBound, PluginRebound]
    assert stage.palyra.events.newest(1)[0].reason == "faster"


def test_what_is_declared_and_allowed_is_granted_in_canonical_order(stage: Stage):
    """Grants are trimmed, sorted and unique: the number of a handle is a place in that list."""
    stage.install(answering(), capabilities=DECLARED)
    policy = WasmPluginRunnerPolicy(
        allowed_http_hosts=("api.example.com", "other.example.com"), allowed_channels=("ops",)
    )
    palyra = stage.open("granting", policy=policy)

    row = palyra.plugins.bind(
        PLUGIN,
        skill=SKILL,
        http_hosts=[" other.example.com", "api.example.com", "api.example.com"],
        channels=["ops"],
    )

    assert row.grants == PluginCapabilityProfile(
        http_hosts=("api.example.com", "other.example.com"), channels=("ops",)
    )


def test_all_denied_values_are_named_at_once(stage: Stage):
    """Undeclared and disallowed values of every class are in the one refusal; nothing is bound."""
    stage.install(answering(), capabilities=DECLARED)
    palyra = stage.open("granting", policy=WasmPluginRunnerPolicy(allowed_http_hosts=("api.example.com",)))

    with unchanged(stage.log), pytest.raises(CapabilityDenied) as refused:
        palyra.plugins.bind(
            PLUGIN,
            skill=SKILL,
            http_hosts=["api.example.com", "other.example.com", "evil.example.com"],
            secrets=["token"],
            storage_prefixes=["notes/"],
            channels=["ops"],
        )

    assert refused.value.details["denied"] == [
        "channels: ops",
        "http_hosts: evil.example.com",
        "http_hosts: other.example.com",
        "secrets: token",
        "storage_prefixes: notes/",
    ]
    assert all(value in refused.value.message for value in refused.value.details["denied"])


@pytest.mark.parametrize("value", ["\udcff", "a\0b"])
def test_a_grant_that_is_no_text_is_refused(stage: Stage, value):
    """Broken bytes of a command line are a typed error like any other denied value."""
    stage.install(answering())

    with unchanged(stage.log), pytest.raises((InvalidInput, CapabilityDenied)):
        stage.palyra.plugins.bind(PLUGIN, skill=SKILL, http_hosts=[value])


def test_more_grants_than_fit_into_an_event_are_refused(stage: Stage):
    """A binding is recorded again with each attempt, so its size is bounded when it is made."""
    hosts = [f"host{number:05}.example.com" for number in range(2_000)]
    stage.install(answering(), capabilities={"http_egress_allowlist": hosts})
    palyra = stage.open("granting", policy=WasmPluginRunnerPolicy(allowed_http_hosts=tuple(hosts)))

    with unchanged(stage.log), pytest.raises(EventTooLarge):
        palyra.plugins.bind(PLUGIN, skill=SKILL, http_hosts=hosts)


def test_plugins_are_listed_by_name(stage: Stage):
    """Each plugin is there once, in the order of names."""
    stage.install(answering())
    for name in ("b", "a"):
        stage.palyra.plugins.bind(name, skill=SKILL)

    assert [row.plugin_id for row in stage.palyra.plugins.list()] == ["a", "b"]
