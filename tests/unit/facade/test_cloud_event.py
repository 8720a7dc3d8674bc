"""Events for other programs, in the form of CloudEvents 1.0."""

from __future__ import annotations

import json
import re

import pytest

from tests.stage import SKILL, answering


@pytest.fixture
def events(stage):
    """The log of a gateway where somebody has given a reason."""
    stage.ready(answering())
    stage.fire()
    stage.palyra.skills.disable(SKILL, reason="not today")
    return stage.palyra.events


def attributes(events):
    """Return the CloudEvents of a log."""
    return [events.cloud_event(detail) for detail in events.export()]


def test_an_event_has_what_the_specification_asks_for(events):
    """Its id is unique for its source, and the type says in which version its facts are."""
    found = attributes(events)

    assert [each["id"] for each in found] == [str(n) for n in range(1, len(found) + 1)]
    assert {each["specversion"] for each in found} == {"1.0"}
    assert {each["source"] for each in found} == {f"urn:uuid:{events._log.log_id}"}
    assert found[-1]["type"] == "palyra.SkillDisabled.v1"
    assert found[-1]["time"] == "2026-03-01T12:00:00Z"


def test_attributes_have_names_and_values_that_brokers_take(events):
    """Lower-case letters and digits, at most twenty of them, and texts."""
    names = {name for each in attributes(events) for name in each if name != "data"}
    values = [value for each in attributes(events) for name, value in each.items() if name != "data"]

    assert [name for name in names if not re.fullmatch(r"[a-z0-9]{1,20}", name)] == []
    assert [value for value in values if not isinstance(value, str) or value == ""] == []


def test_the_order_of_the_sequence_is_that_of_the_log(events):
    """Compared as texts, as the extension asks."""
    sequence = [each["sequence"] for each in attributes(events)]

    assert sequence == sorted(sequence)
    assert len(set(sequence)) == len(sequence)


def test_the_facts_are_those_of_the_event(events):
    """What every event has is in attributes, and the reason is readable."""
    disabled = attributes(events)[-1]

    assert disabled["data"]["skill_id"] == SKILL
    assert (disabled["actor"], disabled["reason"]) == ("operator:alice", "not today")
    assert disabled["data"].keys().isdisjoint({"timestamp", "actor", "reason", "correlation_id"})
    assert json.loads(json.dumps(disabled)) == disabled
