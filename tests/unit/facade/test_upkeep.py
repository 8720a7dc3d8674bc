from __future__ import annotations

import pytest

from projections import PROJECTIONS, UnknownProjection, content_digest
from tests.stage import Stage, answering


def test_a_rebuild_changes_nothing_but_the_generation(stage: Stage):
    """Views that are built anew hold what they held, in a new generation, and say how far they are."""
    stage.ready(answering())
    stage.palyra.gateway.run_once()
    names = [projection.name for projection in PROJECTIONS]
    stage.palyra.skills.list()
    before = {name: content_digest(stage.engine, name) for name in names}
    told: list[tuple[int, int]] = []

    status = stage.palyra.projections.rebuild(progress=lambda done, until: told.append((done, until)))

    assert {name: content_digest(stage.engine, name) for name in names} == before
    assert {(view.name, view.generation, view.lag) for view in status} == {(name, 2, 0) for name in names}
    assert told[-1] == (stage.log.head(), stage.log.head())


def test_one_view_can_be_rebuilt(stage: Stage):
    """Only what is named is built anew."""
    stage.install(answering())
    stage.palyra.skills.list()

    status = stage.palyra.projections.rebuild(["hook"])

    assert {view.name: view.generation for view in status}["hook"] == 2
    assert {view.name: view.generation for view in status}["skill"] == 1


def test_an_unknown_view_is_refused(stage: Stage):
    """A name that no view has is an error before anything begins."""
    stage.palyra.skills.list()

    with pytest.raises(UnknownProjection, match="hooks"):
        stage.palyra.projections.rebuild(["hooks"])

    assert {view.generation for view in stage.palyra.projections.status()} == {1}
