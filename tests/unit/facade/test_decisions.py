from __future__ import annotations

import pytest

from palyra_events.decision import DecisionKind, RunStopped
from palyra_events.hook import OnFailure
from palyra_runtime.dispatch import decision_of
from palyra_runtime.facade import (
    AttemptsOutOfRange,
    HookOptionMisplaced,
    PageOutOfRange,
    UnknownDecision,
    UnknownPhase,
)
from palyra_runtime.facade.hooks import UnknownFailureRule
from tests.stage import PLUGIN, SKILL, Stage, answering, unchanged


@pytest.fixture
def bound(stage: Stage) -> Stage:
    """A stage with a plugin that blocks, and no hook."""
    stage.install(answering(30, '{"result":{"reason":"not at night"}}'))
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    return stage


def test_decisions_are_listed_newest_first(bound: Stage):
    """Each row says what counted, whose answer that was, and how many gave none."""
    bound.palyra.decide("before_tool", {"n": 1})
    bound.palyra.hooks.bind("guard", event="before_tool", plugin=PLUGIN)
    second = bound.palyra.decide("before_tool", {"n": 2})

    rows = bound.palyra.decisions.list()

    assert [(row.kind, row.hook_id, row.asked, row.failed) for row in rows] == [
        ("block", "guard", 1, 0),
        ("continue", "runtime", 0, 0),
    ]
    assert (rows[0].position, rows[0].decision_id, rows[0].is_terminal) == (
        second.position,
        second.decision_id,
        True,
    )
    assert [row.position for row in bound.palyra.decisions.list(before=second.position)] == [rows[1].position]


def test_decisions_are_found_by_phase_and_kind(bound: Stage):
    """An auditor asks for what was blocked."""
    bound.palyra.hooks.bind("guard", event="before_tool", plugin=PLUGIN)
    bound.palyra.decide("before_run", {})
    bound.palyra.decide("before_tool", {})

    assert [row.phase for row in bound.palyra.decisions.list(phase="run:before_run")] == ["before_run"]
    assert [row.phase for row in bound.palyra.decisions.list(kind=DecisionKind.BLOCK)] == ["before_tool"]
    assert bound.palyra.decisions.list(phase="after_run") == []


def test_a_decision_is_shown_by_id_or_position(bound: Stage):
    """Both lead to the same answers."""
    bound.palyra.hooks.bind("guard", event="before_tool", plugin=PLUGIN)
    taken = bound.palyra.decide("before_tool", {"n": 1})

    assert bound.palyra.decisions.show(taken.decision_id) == taken
    assert bound.palyra.decisions.show(str(taken.position)) == taken


@pytest.mark.parametrize("named", ["", "1", "9" * 19, "9" * 40, "f" * 32, "é", "\udcff\0"])
def test_a_decision_that_was_never_taken(bound: Stage, named: str):
    """Neither an id nor a position of something else names one."""
    with pytest.raises(UnknownDecision):
        bound.palyra.decisions.show(named)


def test_what_was_erased_is_missing_and_nothing_else(bound: Stage):
    """Without the bytes beside the log, who decided what still stands."""
    bound.palyra.hooks.bind("guard", event="before_tool", plugin=PLUGIN)
    taken = bound.palyra.decide("before_tool", {"n": 1})

    erased = decision_of(bound.application.decision(taken.decision_id), lambda _: None)

    assert (erased.kind, erased.payload, erased.reason) == ("block", None, "The guest returned 30.")
    assert erased.answers[0].exit_code == 30


def test_an_agent_can_let_a_decision_stop_it(bound: Stage):
    """One call raises where the run does not go on."""
    bound.palyra.hooks.bind("guard", event="before_tool", plugin=PLUGIN)
    bound.palyra.decide("before_run", {}).enforce()

    with pytest.raises(RunStopped, match="guard of plugin echo blocked at run:before_tool: not at night"):
        bound.palyra.decide("before_tool", {}).enforce()


def test_warming_up_records_nothing(bound: Stage):
    """Modules are made ready before anybody asks."""
    bound.palyra.hooks.bind("guard", event="before_tool", plugin=PLUGIN)
    with unchanged(bound.log):
        bound.palyra.decisions.warm()

    assert bound.palyra.decide("before_tool", {}).kind == "block"


def test_there_are_five_phases(bound: Stage):
    """Anything else is no question."""
    with unchanged(bound.log):
        for ask in (
            lambda: bound.palyra.decide("skill:enabled", {}),
            lambda: bound.palyra.decisions.list(phase="later"),
        ):
            with pytest.raises(UnknownPhase):
                ask()
        with pytest.raises(PageOutOfRange):
            bound.palyra.decisions.list(before=-1)


def test_a_hook_of_a_phase_is_asked_once(bound: Stage):
    """It has a rule for a missing answer, and neither attempts nor an order."""
    row = bound.palyra.hooks.bind("guard", event="before_tool", plugin=PLUGIN, on_failure="continue")

    assert (row.event_kind, row.on_failure, row.attempts_max) == ("run:before_tool", OnFailure.CONTINUE, 1)
    assert bound.palyra.hooks.bind("other", event="after_run", plugin=PLUGIN).on_failure is OnFailure.BLOCK


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"event": "before_tool", "attempts_max": 3}, HookOptionMisplaced),
        ({"event": "before_tool", "ordering": "none"}, HookOptionMisplaced),
        ({"event": "skill:enabled", "on_failure": "block"}, HookOptionMisplaced),
        ({"event": "before_tool", "on_failure": "ignore"}, UnknownFailureRule),
        ({"event": "skill:enabled", "attempts_max": 0}, AttemptsOutOfRange),
    ],
)
def test_options_of_the_other_kind_are_refused(
    bound: Stage, options: dict[str, object], error: type[Exception]
):
    """An option that would do nothing is a mistake, and is told."""
    with unchanged(bound.log), pytest.raises(error):
        bound.palyra.hooks.bind("guard", plugin=PLUGIN, **options)
