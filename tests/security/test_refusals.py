from __future__ import annotations

from collections.abc import Callable

import pytest

from palyra_events.errors import (
    IllegalTransition,
    InvalidIdentifier,
    PalyraError,
    ReasonRequired,
    UnknownDelivery,
    UnknownEvent,
    UnknownHook,
    UnknownPlugin,
    UnknownRelease,
    UnknownSkill,
)
from palyra_events.lifecycle import UnknownHookEvent
from palyra_runtime import Palyra
from palyra_runtime.dispatch import PayloadRefused
from palyra_runtime.facade import (
    AttemptsOutOfRange,
    HookOptionMisplaced,
    PageOutOfRange,
    UnknownDecision,
    UnknownEntrypoint,
    UnknownPhase,
    UnreadableArtifact,
)
from palyra_runtime.skills.errors import ArtifactTooLarge
from palyra_runtime.skills.module_selection import AmbiguousModule, UnknownModule
from projections import Subject
from tests.helpful import assert_helpful
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering, unchanged

Command = Callable[[Palyra], object]


REFUSALS: dict[str, tuple[Command, type[PalyraError], int]] = {
    "unknown skill": (lambda p: p.skills.enable("no.such"), UnknownSkill, 3),
    "unknown skill shown": (lambda p: p.skills.show("no.such"), UnknownSkill, 3),
    "unknown release": (lambda p: p.skills.disable(SKILL, "9.9.9"), UnknownRelease, 3),
    "empty release": (lambda p: p.skills.quarantine(SKILL, ""), UnknownRelease, 3),
    "unknown hook": (lambda p: p.hooks.disable("nope"), UnknownHook, 3),
    "unknown plugin": (lambda p: p.hooks.bind("h", event="skill:enabled", plugin="nope"), UnknownPlugin, 3),
    "plugin of unknown skill": (lambda p: p.plugins.bind("p", skill="no.such"), UnknownSkill, 3),
    "unknown delivery": (lambda p: p.delivery("1:nope"), UnknownDelivery, 3),
    "no delivery at all": (lambda p: p.delivery("\udcff\0"), UnknownDelivery, 3),
    "unknown event": (lambda p: p.events.show(10**9), UnknownEvent, 3),
    "event zero": (lambda p: p.events.show(0), UnknownEvent, 3),
    "event beyond numbers": (lambda p: p.events.show(2**70), UnknownEvent, 3),
    "unknown kind": (lambda p: p.hooks.bind("h", event="skill:eaten", plugin=PLUGIN), UnknownHookEvent, 2),
    "run phase": (
        lambda p: p.hooks.bind("h", event="before_tool", plugin=PLUGIN, attempts_max=2),
        HookOptionMisplaced,
        2,
    ),
    "phase": (lambda p: p.decide("before", {}), UnknownPhase, 2),
    "payload": (lambda p: p.decide("before_tool", []), PayloadRefused, 2),
    "decision": (lambda p: p.decisions.show("nope"), UnknownDecision, 3),
    "no attempts": (
        lambda p: p.hooks.bind("h", event="skill:enabled", plugin=PLUGIN, attempts_max=0),
        AttemptsOutOfRange,
        2,
    ),
    "too many attempts": (
        lambda p: p.hooks.bind("h", event="skill:enabled", plugin=PLUGIN, attempts_max=6),
        AttemptsOutOfRange,
        2,
    ),
    "unknown module": (lambda p: p.plugins.bind("p", skill=SKILL, module="modules/x.wasm"), UnknownModule, 2),
    "unknown entrypoint": (lambda p: p.plugins.bind("p", skill=SKILL, entrypoint="x"), UnknownEntrypoint, 2),
    "two modules": (lambda p: p.plugins.bind("p", skill="acme.two"), AmbiguousModule, 2),
    "name of a skill": (lambda p: p.skills.enable("../etc"), InvalidIdentifier, 2),
    "name of a hook": (
        lambda p: p.hooks.bind("ü", event="skill:enabled", plugin=PLUGIN),
        InvalidIdentifier,
        2,
    ),
    "name of a plugin": (lambda p: p.plugins.bind("x" * 129, skill=SKILL), InvalidIdentifier, 2),
    "hook of deliveries": (lambda p: p.deliveries(hook="a\0b"), InvalidIdentifier, 2),
    "actor of the audit": (lambda p: p.audit.log(actor="\udcff"), InvalidIdentifier, 2),
    "subject of the audit": (lambda p: p.audit.log(subject=Subject("skill", "\0")), InvalidIdentifier, 2),
    "negative page": (lambda p: p.audit.log(limit=-1), PageOutOfRange, 2),
    "page beyond numbers": (lambda p: p.events.list(after=2**63), PageOutOfRange, 2),
    "file that is missing": (lambda p: p.skills.install("no/such.palyra-skill"), UnreadableArtifact, 2),
    "path with a NUL": (lambda p: p.skills.install("a\0b"), UnreadableArtifact, 2),
    "device without end": (lambda p: p.skills.install("/dev/zero"), ArtifactTooLarge, 2),
    "enabled twice": (lambda p: p.skills.enable(SKILL), IllegalTransition, 5),
    "disabled twice": (lambda p: p.skills.disable("acme.two"), IllegalTransition, 5),
    "hook enabled twice": (lambda p: p.hooks.enable(HOOK), IllegalTransition, 5),
    "override without a reason": (lambda p: p.skills.enable("acme.two", override=True), ReasonRequired, 4),
    "override with a blank reason": (
        lambda p: p.skills.enable("acme.two", override=True, reason=" \t"),
        ReasonRequired,
        4,
    ),
}


def set_up_for_refusals(stage: Stage) -> None:
    stage.ready(answering())
    stage.install({"a.wasm": answering(), "b.wasm": answering(1)}, "acme.two")
    stage.palyra.skills.disable("acme.two")


def assert_refused(stage: Stage, name: str) -> None:
    command, error, exit_code = REFUSALS[name]
    with unchanged(stage.log), pytest.raises(error) as refused:
        command(stage.palyra)
    assert_helpful(refused.value)
    assert refused.value.exit_code == exit_code


@pytest.mark.parametrize("name", REFUSALS)
def test_what_makes_no_sense_is_refused_and_changes_nothing(stage: Stage, name):
    """Unknown names, wrong forms and wrong transitions are typed errors, and nothing is written."""
    set_up_for_refusals(stage)

    assert_refused(stage, name)


@pytest.mark.postgres
def test_postgresql_refuses_the_same(postgres, tmp_path):
    """What one database refuses, the other refuses too, with the same words."""
    with Stage(postgres.schema(), tmp_path) as stage:
        set_up_for_refusals(stage)

        for name in REFUSALS:
            assert_refused(stage, name)
