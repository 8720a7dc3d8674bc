from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import update

from palyra_runtime import Palyra, Surroundings
from palyra_runtime.config import GatewaySettings
from palyra_runtime.gateway.rebuilding import RebuildService
from palyra_runtime.gateway.stop import Stop
from projections import Projector, writing
from projections.generation import GENERATION
from tests.running_gateway import gateway_in_a_thread
from tests.stage import OPEN_POLICY, Stage, StageEntropy, answering


@pytest.fixture
def upgraded(each_stage: Stage) -> Stage:
    """A stage whose view of hooks was made by the code of another release."""
    each_stage.ready(answering())
    each_stage.palyra.hooks.list()
    with writing(each_stage.engine) as connection:
        of_hooks = update(GENERATION).where(GENERATION.c.projection == "hook")
        connection.execute(of_hooks.values(code_hash="of the last release"))
    return each_stage


def generation(stage: Stage) -> tuple[int, bool]:
    """Return the number of the live build of hooks, and whether other code has made it."""
    (live,) = (row for row in stage.views.status() if row.name == "hook" and row.state == "live")
    return live.generation, live.is_changed


def test_a_gateway_builds_changed_views_anew(upgraded: Stage):
    """Status tells of it before; then the new build is live, and nobody has asked for it."""
    before = generation(upgraded)

    with gateway_in_a_thread(upgraded.palyra, upgraded.log):
        waiting = threading.Event()
        while generation(upgraded)[1]:
            assert len(upgraded.palyra.hooks.list()) == 1
            assert not waiting.wait(0.01)

    assert (before, generation(upgraded)) == ((1, True), (2, False))


def test_a_view_of_this_code_is_left_alone(stage: Stage):
    """A gateway that starts again has nothing to build."""
    stage.palyra.hooks.list()
    stop = Stop(stage.log)
    stop.ask("request")

    RebuildService(Projector(stage.engine, stage.log)).run(stop)

    assert generation(stage) == (1, False)


def test_a_gateway_leaves_them_where_it_is_told_so(tmp_path: Path):
    """An operator may want to choose the time for it."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path) as stage:
        settings = GatewaySettings(rebuild_changed_views=False)
        patient = Surroundings(stage.clock, StageEntropy("patient"), OPEN_POLICY, gateway=settings)
        with Palyra.open(stage.url, home=tmp_path, surroundings=patient) as palyra:
            palyra.hooks.list()
            with writing(stage.engine) as connection:
                connection.execute(update(GENERATION).values(code_hash="of the last release"))
            with gateway_in_a_thread(palyra, stage.log):
                palyra.hooks.list()

        assert generation(stage) == (1, True)


def test_a_build_is_given_up_at_the_stop(upgraded: Stage):
    """A stop does not wait for it; what was built is dropped when views are next opened."""
    stop = Stop(upgraded.log)
    stop.ask("request")

    RebuildService(Projector(upgraded.engine, upgraded.log)).run(stop)

    assert generation(upgraded) == (1, True)
    assert upgraded.open("next").projections.show("hook")[0].generation == 1
