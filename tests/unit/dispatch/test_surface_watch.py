from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from palyra_events.application import SCHEDULER_CONSUMER, Intent
from palyra_events.delivery import AttemptSucceeded, DeliveryScheduled
from palyra_events.errors import StalePosition
from palyra_events.plugin import PluginShowedSurface
from palyra_events.registry import REGISTRY
from palyra_runtime.dispatch.surface_watch import SurfaceWatch, may_show
from tests.stage import Stage, answering, unchanged

PAGE = answering(output=json.dumps({"a2ui": {"v": 1, "surface": "desk", "components": []}}))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage whose plugin has just shown its first page, which no scheduler has looked at."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path) as opened:
        opened.ready(PAGE)
        opened.scheduled()
        opened.worker().work()
        yield opened


def outcome(stage: Stage) -> tuple[int, AttemptSucceeded]:
    """Return the outcome that shows the page."""
    (row,) = [row for row in stage.log.read(0, 1000) if may_show(row)]
    event = REGISTRY.decode(row.topic, row.state)
    assert isinstance(event, AttemptSucceeded)
    return row.position, event


def test_the_scheduler_notes_the_first_surface_of_a_plugin(stage: Stage):
    """With the moment of the outcome and its position, which is then the scheduler's own."""
    stage.scheduler().catch_up()

    position, event = outcome(stage)
    (noted,) = stage.events(PluginShowedSurface)
    assert isinstance(noted, PluginShowedSurface)
    assert (noted.actor, noted.timestamp, noted.position) == ("system:scheduler", event.timestamp, position)
    assert noted.causation_id == f"position:{position}"
    assert stage.log.position(SCHEDULER_CONSUMER) == position


def test_it_is_noted_once(stage: Stage):
    """However often the log is read, and whatever else the plugin shows."""
    stage.scheduler().catch_up()
    with unchanged(stage.log):
        assert SurfaceWatch(stage.application).look_at(*outcome(stage)).events == ()

    stage.fire()
    stage.dispatcher().drain()
    assert len(stage.events(PluginShowedSurface)) == 1


def test_a_second_scheduler_is_fenced_off(stage: Stage):
    """Whoever was halted for long notes nothing any more."""
    position, event = outcome(stage)
    stage.application.schedule_deliveries([], position)

    with pytest.raises(StalePosition), unchanged(stage.log):
        SurfaceWatch(stage.application).look_at(position, event)


def test_a_plugin_that_was_changed_meanwhile_is_asked_anew(stage: Stage, monkeypatch):
    """An operator may bind it at that very moment."""
    application, position_and_event = stage.application, outcome(stage)
    load, changes = application.load, [lambda: application.disable_plugin("echo", Intent("operator:bob"))]

    def load_late(*asked: Any) -> Any:
        loaded = load(*asked)
        if changes:
            changes.pop()()
        return loaded

    monkeypatch.setattr(application, "load", load_late)
    commit = SurfaceWatch(application).look_at(*position_and_event)

    assert [type(event) for event in commit.events] == [PluginShowedSurface]
    assert application.plugin("echo").has_surface


def test_from_then_on_its_deliveries_are_in_one_line(stage: Stage):
    """Whichever hook they come from; those that were scheduled before it are claimed so as well."""
    stage.palyra.hooks.bind("other", event="gateway:startup", plugin="echo")
    stage.fire()
    stage.scheduler().catch_up()
    stage.fire()
    stage.scheduler().catch_up()

    keys = [event.ordering_key for event in stage.events(DeliveryScheduled)]
    assert keys == ["hook:greet", "hook:greet", "hook:other", "plugin:echo", "plugin:echo"]
    claims = stage.claims()
    first = claims.take()
    assert first is not None
    assert first.lease.key == "plugin:echo"
    assert claims.take() is None
