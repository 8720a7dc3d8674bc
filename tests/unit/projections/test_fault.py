from __future__ import annotations

import pytest

from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.fault import Fault
from palyra_events.skill import SkillEnabled, SkillInstalled, SkillRemoved
from palyra_events.tool_run import PluginInvoked
from projections import ViewBehind, Views
from tests.journal import Journal
from tests.sample_events import ARTIFACT, BARE_INVOCATION, FACTS

ECHO = {"skill_id": "acme.echo", "version": "1.2.3"}
RUNS = 100


@pytest.fixture(autouse=True)
def enabled(journal: Journal) -> None:
    """A release is enabled."""
    journal.add(SkillInstalled, **ECHO, release=FACTS)
    journal.add(SkillEnabled, **ECHO, artifact=ARTIFACT)


def run(journal: Journal, outcome: str, number: int, version: str = "1.2.3") -> int:
    """Record a run of a release, and return its position."""
    invocation = BARE_INVOCATION.model_copy(update={"outcome": outcome, "skill_version": version})
    attempt = {"delivery_id": f"{number}:greet", "attempt": 1, "invocation": invocation}
    if outcome == "ok":
        return journal.add(AttemptSucceeded, **attempt)
    return journal.add(AttemptFailed, **attempt, outcome=outcome)


def test_faults_are_told_with_the_number_of_their_run(views: Views, journal: Journal):
    """Runs that went well are counted, and only the others are listed."""
    outcomes = ["deadline", "ok", "guest_failed", "trapped:unreachable"]
    first, *_, last = [run(journal, outcome, number) for number, outcome in enumerate(outcomes)]

    assert views.faults(last, RUNS) == [
        Fault(first, 1, "deadline"),
        Fault(last, 4, "trapped:unreachable"),
    ]


def test_a_tool_run_is_a_run(views: Views, journal: Journal):
    """Its outcome in the sandbox counts, not what was made of its answer."""
    invocation = BARE_INVOCATION.model_copy(update={"outcome": "memory"})
    tool_run = {"invocation_id": "9a" * 16, "tool_id": "acme.echo", "outcome": "memory"}
    position = journal.add(PluginInvoked, **tool_run, invocation=invocation)

    assert views.faults(position, RUNS) == [Fault(position, 1, "memory")]


def test_the_faults_of_a_moment_do_not_change(views: Views, journal: Journal):
    """What is asked as of a fault is answered the same however much has happened since."""
    first = run(journal, "deadline", 1)
    before = views.faults(first, RUNS)
    run(journal, "deadline", 2)
    journal.add(SkillEnabled, **ECHO, artifact=ARTIFACT)
    run(journal, "deadline", 3)

    assert views.faults(first, RUNS) == before == [Fault(first, 1, "deadline")]


def test_old_runs_are_not_looked_at(views: Views, journal: Journal):
    """Of three faults in a row, the last two runs hold two."""
    positions = [run(journal, "deadline", number) for number in range(3)]

    assert [fault.position for fault in views.faults(positions[2], 2)] == positions[1:]


def test_who_is_enabled_anew_begins_with_a_clean_slate(views: Views, journal: Journal):
    """What happened before somebody decided to enable it again is history."""
    run(journal, "deadline", 1)
    journal.add(SkillEnabled, **ECHO, artifact=ARTIFACT)
    position = run(journal, "deadline", 2)

    assert views.faults(position, RUNS) == [Fault(position, 2, "deadline")]


def test_who_is_installed_again_is_counted_on(views: Views, journal: Journal):
    """Removing a release does not mix up its runs."""
    run(journal, "deadline", 1)
    journal.add(SkillRemoved, **ECHO)
    journal.add(SkillInstalled, **ECHO, release=FACTS)
    journal.add(SkillEnabled, **ECHO, artifact=ARTIFACT)
    position = run(journal, "deadline", 2)

    assert views.faults(position, RUNS) == [Fault(position, 2, "deadline")]


def test_releases_are_counted_apart(views: Views, journal: Journal):
    """A fault of one release is none of another."""
    journal.add(SkillInstalled, skill_id="acme.echo", version="2.0.0", release=FACTS)
    run(journal, "deadline", 1)
    position = run(journal, "deadline", 2, version="2.0.0")

    assert views.faults(position, RUNS) == [Fault(position, 1, "deadline")]


def test_where_there_is_no_fault_there_is_nothing(views: Views, journal: Journal):
    """A position of another event has no faults."""
    position = run(journal, "ok", 1)

    assert views.faults(position, RUNS) == []


def test_a_position_that_is_still_to_come_cannot_be_asked_for(views: Views, journal: Journal):
    """An answer that could still change is not given."""
    with pytest.raises(ViewBehind):
        views.faults(run(journal, "ok", 1) + 1, RUNS)
