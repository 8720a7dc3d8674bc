from __future__ import annotations

from datetime import datetime

import pytest

from palyra_events.errors import InvalidIdentifier, UnknownEvent, UnknownRelease
from palyra_runtime.facade import CandidateNotChosen, InvalidStretch, UnreadableModule
from palyra_runtime.sandbox import InvalidModule
from palyra_runtime.skills import UnknownModule
from tests.stage import PLUGIN, SKILL, Stage, answering


def test_a_stretch_is_named_by_positions_or_moments(stage: Stage):
    """A moment to begin with means what came after it; one to end with, what came until then."""
    stage.ready(answering())
    stage.fire()
    stage.clock.move(hours=1)
    between = stage.clock.moment
    stage.clock.move(hours=1)
    stage.fire()
    stage.palyra.dispatch.drain()

    def deliveries(**options: datetime | int) -> int:
        return stage.palyra.replay.run(**options).deliveries

    assert deliveries(first=between) == 1
    assert deliveries(last=between) == 1
    assert deliveries(first=0) == 2


def test_a_stretch_ends_after_it_begins(stage: Stage):
    """Turned round it is a mistake, as is one past the end of the log."""
    stage.ready(answering())

    with pytest.raises(InvalidStretch, match="Position 3 comes after position 2"):
        stage.palyra.replay.run(first=3, last=2)
    with pytest.raises(UnknownEvent):
        stage.palyra.replay.run(last=1_000)


def test_an_empty_log_is_replayed(stage: Stage):
    """There is nothing in it that could differ."""
    report = stage.palyra.replay.run()

    assert (report.is_faithful, report.last, report.runs_per_s) == (True, 0, 0)


def test_names_have_the_form_of_names(stage: Stage):
    """A hook that a surface implies has one as well."""
    assert stage.palyra.replay.run(hook="surface:desk").is_faithful
    for options in ({"hook": "no name"}, {"plugin": "no:name"}):
        with pytest.raises(InvalidIdentifier):
            stage.palyra.replay.run(**options)


@pytest.mark.parametrize("given", [{}, {"module": answering(), "version": "1.0.0"}])
def test_one_candidate_is_tried(stage: Stage, given):
    """Not none, and not two."""
    with pytest.raises(CandidateNotChosen):
        stage.palyra.replay.try_module(**given)


def test_a_candidate_is_a_module_that_is_there(stage: Stage, tmp_path):
    """Files that are not there or no module are refused, and so are releases that are not installed."""
    stage.ready(answering())
    stage.palyra.plugins.run(PLUGIN, input={})
    (tmp_path / "text.wasm").write_text("(module)")
    stage.install({"other.wasm": answering()}, version="2.0.0")

    with pytest.raises(UnreadableModule, match=r"none\.wasm cannot be read: No such file"):
        stage.palyra.replay.try_module(tmp_path / "none.wasm")
    with pytest.raises(InvalidModule, match="no WebAssembly module in binary form"):
        stage.palyra.replay.try_module(tmp_path / "text.wasm")
    with pytest.raises(UnknownRelease):
        stage.palyra.replay.try_module(version="9.0.0")
    with pytest.raises(UnknownModule, match=rf"{SKILL} 2\.0\.0 has no module modules/plugin\.wasm"):
        stage.palyra.replay.try_module(version="2.0.0")
