from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from palyra_runtime.authoring import Fixture, fixture_names, read_fixture
from palyra_runtime.authoring.errors import InvalidFixture, UnknownFixture

EVENT = {"event": {"kind": "skill:enabled", "payload": {"skill_id": "acme.other"}}}
TOOL = {"tool": {"id": "acme.echo", "input": {"name": "Ada"}}}


def put(project, content, name="mine"):
    """Write a fixture of a project."""
    text = content if isinstance(content, str) else json.dumps(content)
    (project.folder / "fixtures" / f"{name}.json").write_text(text)


def test_an_event_is_told_as_a_gateway_tells_it(project):
    """With the ids, the position and the time that a delivery has; all of them are the same each time."""
    put(project, EVENT)

    assert json.loads(read_fixture(project, "mine").input()) == {
        "schema": 1,
        "delivery_id": "12:rehearsal",
        "attempt": 1,
        "hook_id": "rehearsal",
        "plugin_id": "rehearsed",
        "event": {
            "kind": "skill:enabled",
            "payload": {"skill_id": "acme.other"},
            "position": 12,
            "timestamp": "2026-01-31T09:00:00Z",
            "actor": "operator:ada",
        },
        "config": {},
    }


def test_a_tool_call_is_told_as_a_gateway_tells_it(project):
    """With the id of the call in place of those of a delivery."""
    put(project, {**TOOL, "config": {"color": "red"}})

    told = json.loads(read_fixture(project, "mine").input())
    assert told["tool"] == TOOL["tool"]
    assert told["config"] == {"color": "red"}
    assert {"delivery_id", "attempt", "hook_id", "event"}.isdisjoint(told)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "not valid JSON"),
        ('{"event": 1, "event": 2}', "event"),
        ("[]", "Fixture"),
        ({}, "either an event or a tool"),
        ({**EVENT, **TOOL}, "either an event or a tool"),
        ({**EVENT, "colour": 1}, "colour"),
        ({"event": {"kind": "skill:enabeld"}}, "event.kind"),
        ({"event": {"kind": "skill:enabled", "position": 0}}, "event.position"),
        ({"event": {"kind": "skill:enabled", "timestamp": "nine"}}, "event.timestamp"),
        ({**EVENT, "grants": {"files": []}}, "grants.files"),
        ({**EVENT, "host": {"http": [{"url": "https://a.example", "status": 99}]}}, "host.http.0.status"),
        ({**EVENT, "host": {"now": "2026-01-31T09:00:00"}}, "host.now"),
    ],
)
def test_what_makes_no_sense_is_told(project, content, complaint):
    """The message names the file and the field."""
    put(project, content)

    with pytest.raises(InvalidFixture, match=r"fixtures/mine\.json") as refused:
        read_fixture(project, "mine")

    assert complaint in refused.value.message


@pytest.mark.parametrize("name", ["none", "../skill", "event.json", ""])
def test_a_fixture_that_is_not_there_is_told(project, name):
    """A name is that of a file among the fixtures, and no path."""
    with pytest.raises(UnknownFixture):
        read_fixture(project, name)


def test_a_project_without_fixtures_has_none(project):
    """The folder need not be there."""
    for path in (project.folder / "fixtures").iterdir():
        path.unlink()
    (project.folder / "fixtures").rmdir()

    assert fixture_names(project) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["event", "tool", "kind", "host", "http", "now", "grants"]), x)
        ),
        max_leaves=8,
    )
)
def test_any_json_is_a_fixture_or_is_refused(document):
    """Nothing but a refusal leaves the model."""
    try:
        fixture = Fixture.model_validate(document)
    except ValidationError:
        return
    assert (fixture.event is None) != (fixture.tool is None)
