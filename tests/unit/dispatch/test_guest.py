from __future__ import annotations

import pytest

from palyra_events.right import Right
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.dispatch.guest import Guests
from palyra_runtime.sandbox import invoke
from tests.stage import PLUGIN, Stage, answering


@pytest.fixture
def guests(stage: Stage) -> Guests:
    """What finds guests on a stage where one is ready."""
    stage.ready(answering())
    return Guests(Artifacts(stage.log), stage.policy, invoke)


def right_to_run(stage: Stage) -> tuple[Right, int]:
    """Return the right to run the plugin, as a look at the log tells it now, and the position of the look."""
    as_of = stage.log.head()
    right = stage.application.right_to_run(PLUGIN, as_of)
    assert isinstance(right, Right)
    return right, as_of


def test_what_one_look_told_is_looked_into_once(stage: Stage, guests: Guests):
    """Deliveries that were looked up together have the same guest; after another look it is found anew."""
    right, as_of = right_to_run(stage)
    guest = guests.find(right, as_of)
    later, _ = right_to_run(stage)

    assert guests.find(right, as_of) is guest
    assert guests.find(later, as_of) is not guest


def test_a_look_further_on_is_recorded_with_what_runs(stage: Stage, guests: Guests):
    """Its position goes into the terms, also where the right to run is the one of before."""
    right, as_of = right_to_run(stage)
    guests.find(right, as_of)

    assert guests.find(right, as_of + 1).terms.as_of == as_of + 1


def test_few_guests_are_remembered(stage: Stage, guests: Guests):
    """Each holds a module: after sixteen others the first is found anew."""
    right, as_of = right_to_run(stage)
    guest = guests.find(right, as_of)
    others = [right_to_run(stage)[0] for _ in range(16)]
    for other in others:
        guests.find(other, as_of)

    assert guests.find(right, as_of) is not guest
