from __future__ import annotations

from sqlalchemy import insert, update

from palyra_events.application import Intent
from palyra_events.delivery import Failure
from palyra_events.errors import LogDamaged
from palyra_runtime.facade import Check, Doctor, Patient
from projections.engine import writing
from projections.generation import GENERATION
from tests.stage import Stage, answering


def _found(stage: Stage) -> dict[str, tuple[str, ...]]:
    return {each.check: each.findings for each in stage.palyra.doctor.examine() if not each.is_good}


def test_a_new_installation_is_well(stage: Stage):
    """Nothing is found where nothing is wrong."""
    assert _found(stage) == {}


def test_a_file_that_others_may_read_is_found(stage: Stage):
    """The log holds what plugins were told."""
    stage.log.path.chmod(0o644)

    assert _found(stage) == {"database": (f"Others on this machine may read {stage.log.path}.",)}


def test_a_paused_view_is_found(stage: Stage):
    """Somebody may have forgotten it."""
    stage.palyra.skills.list()
    stage.palyra.projections.pause(["audit"])

    assert _found(stage) == {"views": ("The view audit is paused at position 0.",)}


def test_views_of_other_code_are_found(stage: Stage):
    """After an upgrade a view may hold what the old code made of the log, and some may be nobody's."""
    stage.palyra.skills.list()
    generation = GENERATION.c
    foreign = {"number": 1, "version": 1, "status": "live", "position": 0, "started_position": 0}
    with writing(stage.engine) as connection:
        connection.execute(update(GENERATION).where(generation.projection == "hook").values(code_hash="x"))
        connection.execute(
            insert(GENERATION).values(projection="sales", tables=[], code_hash="", is_paused=False, **foreign)
        )

    assert _found(stage) == {
        "builds": (
            "The view hook was made by other code than this program has.",
            "The view sales was made by a program that has more views than this one.",
        )
    }


def test_what_was_given_up_and_what_waits_is_found(stage: Stage):
    """A dead delivery, and work that no gateway does."""
    stage.ready(answering())
    delivery = stage.application.delivery(stage.scheduled())

    waiting = _found(stage)
    stage.application.record_failure(delivery, Failure("denied"), Intent("system:worker"))

    assert set(waiting) == {"gateway"}
    assert set(_found(stage)) == {"deliveries"}


def test_what_makes_a_check_impossible_is_a_finding(stage: Stage):
    """The other checks are made all the same."""

    def look(_: Patient):
        raise LogDamaged("Position 3 is missing in the log.")
        yield

    checks = [Check("broken", look, "…"), Check("sound", lambda _: iter(()), "…")]

    broken, sound = Doctor(None, checks).examine()

    assert (broken.findings, broken.advice) == (("Position 3 is missing in the log.",), LogDamaged.advice)
    assert sound.is_good
