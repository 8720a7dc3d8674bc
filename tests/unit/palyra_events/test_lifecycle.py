from __future__ import annotations

import pytest

from palyra_events.lifecycle import (
    KINDS,
    HookEventKind,
    UnknownHookEvent,
    kind_of,
    normalize_delivered_kind,
    normalize_kind,
    payload,
)
from palyra_events.registry import REGISTRY
from palyra_events.skill import SkillEnabled
from tests.sample_events import SAMPLES

EVENTS = {type(sample.full).__name__: sample.full for sample in SAMPLES}


def test_five_events_reach_plugins_and_no_other():
    """Each registered type is known by its kind, or no plugin is told of it."""
    assert {name: kind_of(event) for name, event in EVENTS.items() if kind_of(event)} == {
        "GatewayStarted": "gateway:startup",
        "SkillEnabled": "skill:enabled",
        "SkillQuarantined": "skill:quarantined",
        "SkillDisabled": "skill:disabled",
        "FormSubmitted": "form:submitted",
    }


def test_a_look_alike_fires_nothing():
    """A type that merely inherits from a lifecycle event is none: nobody forges a trigger."""

    class Forged(SkillEnabled):
        """A look-alike."""

    assert kind_of(Forged.model_validate(EVENTS["SkillEnabled"].model_dump())) is None


def test_every_lifecycle_event_is_in_the_registry_and_queued():
    """What fires a hook is in the log; the phases of a run are not."""
    assert set(KINDS) <= set(REGISTRY.topics)
    assert set(KINDS.values()) == {kind for kind in HookEventKind if kind.is_queued}


@pytest.mark.parametrize("kind", [kind for kind in HookEventKind if kind.is_bindable])
def test_a_kind_is_named_in_any_case(kind):
    """Who types a kind with blanks around it or in capitals means the same thing."""
    assert normalize_kind(f"  {kind.value.upper()}\n") is kind


@pytest.mark.parametrize("phase", ["before_run", "before_tool", "after_tool", "before_delivery", "after_run"])
def test_a_phase_may_be_named_by_itself(phase):
    """The reference system takes the bare name of a phase, so we do."""
    assert normalize_kind(phase) is HookEventKind(f"run:{phase}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "enabled",
        "skill",
        "skill:",
        "skill.enabled",
        "skill:removed",
        "run:run:before_run",
        "startup",
        "form:submitted",
        "s\u212aill:enabled",
    ],
    ids=ascii,
)
def test_no_other_name_is_a_kind(text):
    """A misspelt event is refused when the hook is bound; it does not wait in silence for ever."""
    with pytest.raises(UnknownHookEvent):
        normalize_kind(text)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("GatewayStarted", {"gateway_id": "0f1e2d", "version": "0.1.0"}),
        (
            "SkillEnabled",
            {
                "skill_id": "acme.echo",
                "version": "1.2.3",
                "artifact": {"sha256": "b2" * 32, "size": 4711},
                "override": True,
            },
        ),
        (
            "SkillQuarantined",
            {
                "skill_id": "acme.echo",
                "version": "1.2.3",
                "reasons": ["memory is shared"],
                "evidence": [17, 23],
            },
        ),
        ("SkillDisabled", {"skill_id": "acme.echo", "version": "1.2.3", "cause": "superseded"}),
    ],
)
def test_a_plugin_is_told_the_facts(name, facts):
    """Facts and the reason in words; not the envelope, and not the seal of the reason."""
    assert payload(EVENTS[name], lambda _: "reviewed") == {**facts, "reason": "reviewed"}


def told(sealed):
    """Open the seals of a submission's sample, of which nobody gave a reason."""
    return '{"choice":"größer","amount":2.5}' if sealed == EVENTS["FormSubmitted"].values else None


@pytest.mark.parametrize("text", ["form:submitted", " Form:Submitted ", "skill:enabled", "before_run"])
def test_what_was_delivered_can_be_asked_for_by_its_kind(text):
    """Deliveries of forms are listed like others, though no hook can be bound to them."""
    assert normalize_delivered_kind(text).value in {"form:submitted", "skill:enabled", "run:before_run"}


def test_what_nobody_delivers_is_no_kind():
    """A misspelt kind finds nothing, and says so."""
    with pytest.raises(UnknownHookEvent):
        normalize_delivered_kind("form:sent")


def test_a_plugin_is_told_the_values_of_a_form():
    """What somebody filled in is opened for the plugin that asked for it."""
    assert payload(EVENTS["FormSubmitted"], told) == {
        "submission_id": "8c" * 16,
        "surface": "approvals",
        "version": 4,
        "plugin_id": "echo",
        "component_id": "decision",
        "values": {"choice": "größer", "amount": 2.5},
    }


def test_values_that_are_gone_are_null():
    """A form whose values were erased still reaches its plugin, which can see that they are missing."""
    assert payload(EVENTS["FormSubmitted"], lambda _: None)["values"] is None


def test_a_reason_that_is_gone_is_left_out():
    """An erased reason is absent for a plugin."""
    assert "reason" not in payload(EVENTS["SkillEnabled"], lambda _: None)
