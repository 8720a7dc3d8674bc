from __future__ import annotations

import json

import pytest
from pydantic import BaseModel

from palyra_events.errors import LogDamaged, UnknownEventType
from palyra_events.event import Event
from palyra_events.registry import REGISTRY, Registry
from palyra_events.skill import SkillEnabled, SkillRemoved
from projections.decoder import Decoder
from tests.sample_events import SAMPLES

EVENTS = {
    f"{form}-{type(event).__name__}": event
    for sample in SAMPLES
    for form, event in (("full", sample.full), ("minimal", sample.minimal))
}


def fields(value: object, model: object) -> object:
    """Return the fields of what was decoded, as the model that wrote it has them."""
    if isinstance(model, BaseModel):
        return {name: fields(getattr(value, name), getattr(model, name)) for name in type(model).model_fields}
    if isinstance(model, tuple):
        assert isinstance(value, tuple)
        return tuple(fields(part, other) for part, other in zip(value, model, strict=True))
    return value, type(value)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_decoded_event_has_the_fields_of_its_model(event: Event):
    """Whatever an event holds, a view reads the same values of the same types as everybody else."""
    decoder = Decoder(REGISTRY)
    topic, state = REGISTRY.encode(event)
    decoded = decoder.decode(topic, state)
    assert decoder.kinds[topic] is type(event)
    assert fields(decoded, event) == fields(event, event)


def test_decoded_event_has_the_properties_of_its_model():
    """What a model derives from its fields can be asked of the decoded event too."""
    (event,) = (each for each in EVENTS.values() if isinstance(each, SkillEnabled) and each.override)
    decoded = Decoder(REGISTRY).decode(*REGISTRY.encode(event))
    assert decoded.artifact.digest == event.artifact.digest


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"[]",
        b"{}",
        b'{"skill_id":1}',
        b"\xff",
        b'{"timestamp":"2026-03-01T12:30:15Z","actor":"operator:a","correlation_id":"c","skill_id":"s"}',
        b'{"timestamp":"noon","actor":"operator:a","correlation_id":"c","skill_id":"s","version":"1.0.0"}',
        b'{"timestamp":"2026-03-01T12:30:15Z","actor":"a:a","correlation_id":"c","skill_id":"s","version":"1","x":1}',
    ],
)
def test_bytes_that_are_no_such_event_are_damage(state: bytes):
    """A row that nobody here would have written is never folded."""
    with pytest.raises(LogDamaged):
        Decoder(REGISTRY).decode("SkillRemoved@1", state)


def test_event_of_an_unknown_type_is_refused():
    """An event that a newer program has written is not guessed at."""
    with pytest.raises(UnknownEventType):
        Decoder(REGISTRY).decode("SkillRemoved@9", b"{}")


def test_old_version_is_brought_up_first():
    """A view sees every event in its type's current version."""
    (event,) = (sample.minimal for sample in SAMPLES if isinstance(sample.minimal, SkillRemoved))
    registry = Registry(
        [(SkillRemoved, 2)],
        {("SkillRemoved", 1): lambda facts: {**facts, "skill_id": facts["skill_id"] + ".x"}},
    )
    state = json.dumps(json.loads(REGISTRY.encode(event)[1])).encode()
    decoded = Decoder(registry).decode("SkillRemoved@1", state)
    assert decoded.skill_id == f"{event.skill_id}.x"
