from __future__ import annotations

import hashlib

import pytest

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.delivery import AttemptSucceeded, DeliverySkipped
from palyra_events.errors import (
    CapabilityDenied,
    EventTooLarge,
    InvalidInput,
    PluginInUse,
    UnknownPlugin,
)
from palyra_events.plugin import PluginBound, PluginRebound
from palyra_runtime import Palyra
from palyra_runtime.dispatch import PluginMayNotRun
from palyra_runtime.facade import ConsentRequired, ReleaseChange, UnknownEntrypoint
from palyra_runtime.facade.plugins import ModuleNotThere
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.skills import UnknownModule
from tests.stage import PLUGIN, SKILL, Stage, answering, guest, unchanged

DECLARED = {
    "http_egress_allowlist": ["api.example.com", "other.example.com"],
    "node_capabilities": ["ops"],
}
GRANTING = WasmPluginRunnerPolicy(
    allowed_http_hosts=("api.example.com", "other.example.com", "new.example.com"), allowed_channels=("ops",)
)


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


def rebinding(stage: Stage, **fields: object) -> Palyra:
    """Let release 2.0.0 with another module run beside a plugin that has grants, and return the face."""
    palyra = stage.open("rebinding", policy=GRANTING)
    stage.install(answering(), capabilities=DECLARED)
    palyra.skills.enable(SKILL)
    palyra.plugins.bind(PLUGIN, skill=SKILL, http_hosts=["api.example.com"], channels=["ops"])
    stage.install(answering(1), version="2.0.0", **{"capabilities": DECLARED, **fields})
    palyra.skills.enable(SKILL, "2.0.0", consent=agreed)
    return palyra


def agreed(change: ReleaseChange) -> bool:
    return True


def test_rebinding_keeps_the_grants_for_the_new_module(each_stage: Stage):
    """Somebody has looked at it, so it may do what the old one did."""
    palyra = rebinding(each_stage)
    before = palyra.plugins.list()[0]

    row = palyra.plugins.rebind(PLUGIN, reason="looked at", consent=agreed)

    assert row.module_sha256 == hashlib.sha256(answering(1)).hexdigest() != before.module_sha256
    assert row.grants == before.grants
    assert palyra.events.newest(1)[0].reason == "looked at"


def test_rebinding_with_grants_needs_consent(stage: Stage):
    """Another module gets these powers, and that is not done by the way."""
    palyra = rebinding(stage)

    with unchanged(stage.log), pytest.raises(ConsentRequired) as refused:
        palyra.plugins.rebind(PLUGIN)

    assert refused.value.details["failures"] == ["plugin echo gives its grants to another module"]


def test_rebinding_to_the_same_module_changes_nothing(stage: Stage):
    """There is nothing to agree to either."""
    palyra = rebinding(stage)
    palyra.plugins.rebind(PLUGIN, consent=agreed)

    with unchanged(stage.log):
        palyra.plugins.rebind(PLUGIN)


def test_rebinding_drops_what_is_not_declared_any_more(stage: Stage):
    """What the new release does not ask for, its plugin does not keep."""
    palyra = rebinding(stage, capabilities={"node_capabilities": ["ops"]})

    row = palyra.plugins.rebind(PLUGIN, consent=agreed)

    assert row.grants == PluginCapabilityProfile(channels=("ops",))


def test_a_plugin_can_be_bound_to_a_named_release_and_module(stage: Stage):
    """An operator prepares the plugin for a release, or chooses another module of it."""
    palyra = rebinding(stage)
    stage.install({"a.wasm": answering(2), "b.wasm": answering(3)}, version="3.0.0", capabilities=DECLARED)

    row = palyra.plugins.rebind(PLUGIN, version="3.0.0", module="modules/b.wasm", consent=agreed)

    assert (row.module_path, row.module_sha256) == (
        "modules/b.wasm",
        hashlib.sha256(answering(3)).hexdigest(),
    )


def test_a_module_that_the_release_lacks_cannot_be_bound(stage: Stage):
    """The refusal comes before anything changes."""
    palyra = rebinding(stage)
    stage.install({"a.wasm": answering(2)}, version="3.0.0", capabilities=DECLARED)

    with unchanged(stage.log), pytest.raises(UnknownModule):
        palyra.plugins.rebind(PLUGIN, version="3.0.0")


def test_a_module_without_the_entrypoint_cannot_be_bound(stage: Stage):
    """A plugin keeps its entrypoint, so the new module must have it."""
    stage.install(guest("two_entrypoints"))
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL, entrypoint="other")
    stage.install(answering(), version="2.0.0")

    with unchanged(stage.log), pytest.raises(UnknownEntrypoint):
        stage.palyra.plugins.rebind(PLUGIN)


@pytest.mark.parametrize("change", ["rebind", "set_grants", "grants", "enable", "disable", "unbind"])
def test_a_plugin_that_is_not_bound_is_unknown(stage: Stage, change):
    """Nothing is made up."""
    with unchanged(stage.log), pytest.raises(UnknownPlugin):
        getattr(stage.palyra.plugins, change)(PLUGIN)


def test_setting_grants_replaces_them_all(stage: Stage):
    """What is not named is not granted any more; module and entrypoint stay."""
    palyra = rebinding(stage)
    palyra.plugins.rebind(PLUGIN, consent=agreed)
    before = palyra.plugins.list()[0]

    row = palyra.plugins.set_grants(PLUGIN, http_hosts=["other.example.com"])

    assert row.grants == PluginCapabilityProfile(http_hosts=("other.example.com",))
    assert (row.module_path, row.module_sha256) == (before.module_path, before.module_sha256)


def test_grants_are_those_of_the_module_that_the_plugin_has(stage: Stage):
    """What the enabled release declares does not widen what an older module was looked at for."""
    palyra = rebinding(stage, capabilities={**DECLARED, "http_egress_allowlist": ["new.example.com"]})

    with unchanged(stage.log), pytest.raises(CapabilityDenied):
        palyra.plugins.set_grants(PLUGIN, http_hosts=["new.example.com"])


def test_grants_of_a_module_that_is_gone_cannot_be_set(stage: Stage):
    """There is no manifest any more that says what may be granted."""
    palyra = rebinding(stage)
    palyra.skills.remove(SKILL, "1.0.0")

    with unchanged(stage.log), pytest.raises(ModuleNotThere):
        palyra.plugins.set_grants(PLUGIN, channels=["ops"])


def test_grants_are_compared_value_by_value(stage: Stage):
    """Declared, granted and in effect, with the kinds of their differences."""
    palyra = rebinding(stage)
    palyra.plugins.rebind(PLUGIN, consent=agreed)

    found = palyra.plugins.grants(PLUGIN)

    assert (found.version, found.has_module, found.is_same_module) == ("2.0.0", True, True)
    told = [(e.value, e.is_declared, e.is_granted, e.is_effective) for e in found.entitlement.values]
    assert told == [
        ("api.example.com", True, True, True),
        ("other.example.com", True, False, False),
        ("ops", True, True, True),
    ]
    assert [(d.value, d.kind.value) for d in found.entitlement.diff.differences] == [
        ("other.example.com", "missing_grant"),
        ("other.example.com", "unused_declared_capability"),
    ]


def test_grants_to_another_module_are_not_in_effect(stage: Stage):
    """They hold again for a release that has the module they were given to."""
    palyra = rebinding(stage)

    now, before = palyra.plugins.grants(PLUGIN), palyra.plugins.grants(PLUGIN, version="1.0.0")

    assert (now.is_same_module, now.entitlement.effective.is_empty) == (False, True)
    assert (before.is_same_module, before.entitlement.effective.channels) == (True, ("ops",))


def test_what_the_policy_takes_back_is_told(stage: Stage):
    """A plugin with a grant that is not allowed any more can use none: every run of it is denied."""
    rebinding(stage).plugins.rebind(PLUGIN, consent=agreed)

    found = stage.palyra.plugins.grants(PLUGIN)

    assert found.entitlement.effective.is_empty
    assert {d.kind.value for d in found.entitlement.diff.differences if d.value == "ops"} == {
        "policy_restricted"
    }


def test_a_disabled_plugin_does_not_run_for_anybody(each_stage: Stage):
    """Its deliveries are skipped, and an agent that calls it is refused, until it is enabled again."""
    each_stage.ready(answering())
    disabled = each_stage.palyra.plugins.disable(PLUGIN, reason="over its quota")
    each_stage.fire()
    each_stage.palyra.dispatch.drain()
    with pytest.raises(PluginMayNotRun):
        each_stage.palyra.plugins.run(PLUGIN, input={})
    enabled = each_stage.palyra.plugins.enable(PLUGIN)
    each_stage.fire()
    each_stage.palyra.dispatch.drain()

    assert (disabled.is_enabled, enabled.is_enabled) == (False, True)
    assert [event.cause for event in each_stage.events(DeliverySkipped)] == ["plugin_disabled"]
    assert len(each_stage.events(AttemptSucceeded)) == 1


def test_a_plugin_that_hooks_use_is_not_unbound(each_stage: Stage):
    """The hooks are named; once they are gone, so may the plugin be."""
    each_stage.ready(answering(), hook="greet")
    each_stage.palyra.hooks.bind("alarm", event="skill:disabled", plugin=PLUGIN)

    with unchanged(each_stage.log), pytest.raises(PluginInUse) as refused:
        each_stage.palyra.plugins.unbind(" Echo ")
    for hook in refused.value.details["hooks"]:
        each_stage.palyra.hooks.unbind(hook)
    each_stage.palyra.plugins.unbind(PLUGIN, reason="not needed")

    assert refused.value.details["hooks"] == ["alarm", "greet"]
    assert (each_stage.palyra.plugins.list(), each_stage.palyra.hooks.list()) == ([], [])
