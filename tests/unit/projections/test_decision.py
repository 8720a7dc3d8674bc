from __future__ import annotations

from collections.abc import Callable

import pytest

from palyra_events.decision import DecisionKind
from palyra_events.decision_taken import Candidate, DecisionTaken
from palyra_events.run_phase import RunPhase
from projections import Views
from tests.journal import Journal
from tests.sample_events import MOMENT, SAMPLES

(TAKEN,) = [sample.full for sample in SAMPLES if isinstance(sample.full, DecisionTaken)]


def other(number: int, **changes: object) -> DecisionTaken:
    """Return another decision."""
    return TAKEN.model_copy(update={"decision_id": f"{number:032x}", **changes})


def test_a_decision_is_a_row(journal: Journal, views: Views):
    """It says who asked what, whose answer counts, and how many gave none."""
    position = journal.append([TAKEN])[0]

    (row,) = views.decisions()

    assert (row.decision_id, row.position, row.taken_at) == ("7b" * 16, position, MOMENT)
    assert (row.phase, row.kind, row.is_terminal) == (RunPhase.BEFORE_TOOL, DecisionKind.BLOCK, True)
    assert (row.hook_id, row.plugin_id, row.asked, row.failed) == ("guard", "policy", 1, 0)
    assert (row.actor, row.duration_us, row.payload_sha256) == ("operator:alice", 2_345, "90" * 32)


def test_decisions_come_newest_first_in_pages(journal: Journal, views: Views):
    """The position of the last one leads to the next page."""
    positions = [journal.append([other(number)])[0] for number in range(5)]

    first = views.decisions(limit=2)
    second = views.decisions(before=first[-1].position, limit=2)

    assert [row.position for row in (*first, *second)] == positions[:0:-1]


def test_decisions_are_filtered(journal: Journal, views: Views):
    """By phase, by kind, or by both."""
    journal.append([other(1)])
    journal.append([other(2, kind=DecisionKind.ANNOTATE, candidates=())])
    journal.append([other(3, phase=RunPhase.AFTER_RUN, kind=DecisionKind.ANNOTATE)])

    assert [row.decision_id[-1] for row in views.decisions(kind=DecisionKind.ANNOTATE)] == ["3", "2"]
    assert [row.decision_id[-1] for row in views.decisions(phase=RunPhase.BEFORE_TOOL)] == ["2", "1"]
    both = views.decisions(kind=DecisionKind.ANNOTATE, phase=RunPhase.BEFORE_TOOL)
    assert [(row.decision_id[-1], row.asked, row.failed) for row in both] == [("2", 0, 0)]


def test_who_abstained_without_an_answer_has_failed(journal: Journal, views: Views):
    """A hook that did not answer is counted, whatever that meant for the run."""
    silent = Candidate(hook_id="note", plugin_id="notary", outcome="deadline")
    journal.append([other(1, kind=DecisionKind.CONTINUE, candidates=(silent,))])

    assert [(row.asked, row.failed) for row in views.decisions()] == [(1, 1)]


@pytest.mark.parametrize("filters", [{}, {"kind": DecisionKind.BLOCK}, {"phase": RunPhase.BEFORE_RUN}])
def test_a_page_reads_an_index(
    views: Views, plan_of: Callable[[Callable[[], object]], str], filters: dict[str, object]
):
    """A million decisions do not make the newest ones slower."""
    assert "ix_decision" in plan_of(lambda: views.decisions(**filters, limit=5))
