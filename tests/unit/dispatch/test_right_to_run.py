from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from palyra_events.delivery import (
    DeliverySkipped,
    DeliveryState,
)
from palyra_events.errors import LogDamaged
from palyra_events.skill import SkillInstalled
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering, unchanged
from tests.unit.dispatch.attempting import attempt, invocation

CHANNEL = {"capabilities": {"node_capabilities": ["ops"]}}


@pytest.mark.parametrize(
    ("stop", "cause"),
    [
        (lambda stage: stage.palyra.skills.quarantine(SKILL), "skill_quarantined"),
        (lambda stage: stage.palyra.skills.disable(SKILL), "skill_not_enabled"),
    ],
)
def test_a_skill_that_was_stopped_after_scheduling_is_skipped(each_stage, stop, cause):
    """The right to run is read at the attempt, and the position it was read at is recorded."""
    each_stage.ready(answering())
    each_stage.scheduled()
    stop(each_stage)
    head = each_stage.log.head()

    state = attempt(each_stage)

    assert state is DeliveryState.SKIPPED
    (skipped,) = each_stage.events(DeliverySkipped)
    assert (skipped.cause, skipped.as_of) == (cause, head)
    assert each_stage.standing_leases() == []


def upgrade(stage: Stage, module: bytes, **fields: object) -> None:
    stage.install(module, SKILL, "1.1.0", **fields)
    stage.palyra.skills.enable(SKILL, "1.1.0", consent=bool)


def test_a_module_that_the_new_release_has_not_is_skipped(stage):
    """After an upgrade that drops the module, the binding leads nowhere."""
    stage.ready(answering())
    stage.scheduled()
    stage.install({"renamed.wasm": answering()}, SKILL, "1.1.0")
    stage.palyra.skills.enable(SKILL, "1.1.0", consent=bool)

    state = attempt(stage)

    assert state is DeliveryState.SKIPPED
    assert stage.events(DeliverySkipped)[0].cause == "module_missing"


def test_a_changed_module_does_not_inherit_grants(stage):
    """Grants belong to the module that the operator looked at: an upgrade is skipped until then."""
    stage.policy = WasmPluginRunnerPolicy(allowed_channels=("ops",))
    palyra = stage.open("granting")
    stage.install(answering(), **CHANNEL)
    palyra.skills.enable(SKILL)
    palyra.plugins.bind(PLUGIN, skill=SKILL, channels=["ops"])
    palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)
    stage.scheduled()
    upgrade(stage, answering(1), **CHANNEL)

    state = attempt(stage)

    assert state is DeliveryState.SKIPPED
    assert stage.events(DeliverySkipped)[0].cause == "module_changed"


def test_a_changed_module_without_grants_runs_in_its_new_form(stage):
    """Without grants there is nothing to inherit: the module of the enabled release runs."""
    stage.ready(answering())
    stage.scheduled()
    upgrade(stage, answering(9))

    attempt(stage)

    assert (invocation(stage).exit_code, invocation(stage).skill_version) == (9, "1.1.0")


def test_a_plugin_that_is_bound_anew_runs_what_it_is_bound_to_at_the_attempt(stage):
    """Between scheduling and attempt, the last word about the plugin counts."""
    stage.ready(answering())
    stage.scheduled()
    stage.install(answering(3), "acme.other")
    stage.palyra.skills.enable("acme.other")
    stage.palyra.plugins.bind(PLUGIN, skill="acme.other")

    attempt(stage)

    assert (invocation(stage).skill_id, invocation(stage).exit_code) == ("acme.other", 3)


def test_an_erased_artifact_is_a_skip_and_holds_up_nobody(stage):
    """A release whose bytes were erased cannot run; its delivery is skipped, and the next one goes on."""
    stage.ready(answering())
    stage.ready(answering(1), hook="other", plugin="other", skill_id="acme.other")
    stage.fire()
    drop_blob(stage, artifact_digest(stage))

    report = stage.dispatcher().drain()

    assert (report.skipped, report.succeeded, report.waiting) == (1, 1, 0)
    assert stage.events(DeliverySkipped)[0].cause == "artifact_erased"


def test_an_artifact_that_this_version_refuses_is_a_skip_and_holds_up_nobody(stage, monkeypatch):
    """After an upgrade to a host that a release was not made for, its deliveries are skipped."""
    limited = {"required_protocol_major": 1, "min_palyra_version": "0.1.0", "max_palyra_version": "0.1.9"}
    stage.ready(answering(), compat=limited)
    stage.ready(answering(1), hook="other", plugin="other", skill_id="acme.other")
    stage.fire()
    monkeypatch.setattr("palyra_runtime.skills.compatibility.HOST_VERSION", (0, 2, 0))

    report = stage.dispatcher().drain()

    assert (report.skipped, report.succeeded, report.waiting) == (1, 1, 0)
    assert stage.events(DeliverySkipped)[0].cause == "artifact_refused"


def test_a_tampered_artifact_stops_dispatch_before_anything_is_claimed(stage):
    """Bytes that are not those that were installed never run: dispatch stops, and says which they are."""
    stage.ready(answering())
    stage.scheduled()
    digest = artifact_digest(stage)
    drop_blob(stage, digest)
    with closing(sqlite3.connect(stage.log.path)) as connection, connection:
        connection.execute("INSERT INTO blob VALUES (?, ?)", (digest, b"PK something else"))

    with unchanged(stage.log), pytest.raises(LogDamaged, match=digest.hex()[:12]):
        stage.dispatcher().drain()

    assert stage.standing_leases() == []


def artifact_digest(stage: Stage) -> bytes:
    return next(
        event for event in stage.events(SkillInstalled) if event.skill_id == SKILL
    ).release.artifact.digest


def drop_blob(stage: Stage, digest: bytes) -> None:
    """Erase bytes as retention does."""
    with closing(sqlite3.connect(stage.log.path)) as connection, connection:
        assert connection.execute("DELETE FROM blob WHERE digest = ?", (digest,)).rowcount == 1
