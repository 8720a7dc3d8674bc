"""What an agent asks at the phases of its run, and what an auditor looks at afterwards."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from palyra_events.application import Application, Intent
from palyra_events.decision import DecisionKind
from palyra_events.errors import InvalidInput, NotFound
from palyra_events.run_phase import RunPhase, parse_phase
from palyra_events.store.log import POSITION_MAX
from palyra_runtime.dispatch import Decider, Decision, Question, decision_of
from palyra_runtime.dispatch.decision import ReadBlob
from palyra_runtime.facade.page import check_page
from projections import DecisionRow, Point, Views

_ID = re.compile(r"[0-9a-f]{32}")
#: how a position is typed
_POSITION = re.compile(r"[0-9]{1,19}")


class UnknownPhase(InvalidInput):
    """There is no such phase of a run."""

    code = "UNKNOWN_PHASE"
    advice = "Choose one of: before_run, before_tool, after_tool, before_delivery, after_run."


class UnknownDecision(NotFound):
    """No such decision was taken."""

    code = "UNKNOWN_DECISION"
    advice = "List the decisions with: palyra decision list"


class Decisions:
    """Ask the hooks of a phase, and look up what they answered.

    ``open_decider`` is called when something is asked for the first time: who only looks things up
    needs no sandbox.
    """

    def __init__(
        self,
        *,
        application: Application,
        views: Views,
        read_blob: ReadBlob,
        open_decider: Callable[[], Decider],
        actor: str,
    ) -> None:
        self._application = application
        self._views = views
        self._read_blob = read_blob
        self._open_decider = open_decider
        self._actor = actor
        self._decider: Decider | None = None
        self._lock = threading.Lock()

    def take(
        self,
        phase: str | RunPhase,
        payload: Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        correlation_id: str | None = None,
        reason: str | None = None,
    ) -> Decision:
        """Ask the hooks that are bound to a phase, and return what counts; it is recorded by then.

        Any number of threads may ask. Asked again under the same ``idempotency_key``, nothing runs: the
        recorded answer is returned.

        Raises:
            UnknownPhase: there is no such phase.
            PayloadRefused: the payload is no JSON object, or larger than 256 KiB.
            InvalidCorrelation: ``correlation_id`` cannot be one.
            InvalidDecisionKey, DecisionKeyReused: the key cannot be one, or belongs to another question.
            ProjectionFailed: the view of hooks stands still, so nobody knows whom to ask.
        """
        question = Question(_phase(phase), payload, idempotency_key)
        return self._opened().decide(question, Intent(self._actor, reason, correlation_id))

    def warm(self) -> None:
        """Start what answers, and make the modules of all bound hooks ready, so that nobody waits later."""
        self._opened().warm()

    def list(
        self,
        *,
        phase: str | RunPhase | None = None,
        kind: DecisionKind | None = None,
        before: int | None = None,
        limit: int = 100,
        at: Point | None = None,
    ) -> Sequence[DecisionRow]:
        """Return decisions, the newest first, at most ``limit`` before a position.

        With ``at``, a position or moment, those that had been taken then.

        Raises:
            UnknownEvent: the log is not that long.
            UnknownPhase: there is no such phase.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(before or 0, limit)
        wanted = None if phase is None else _phase(phase)
        return self._views.decisions(phase=wanted, kind=kind, before=before, limit=limit, at=at)

    def show(self, decision_id: str) -> Decision:
        """Return one decision with the answer of each hook; it is named by its id or by its position.

        Raises:
            UnknownDecision: there is none of this id, or none at this position.
        """
        wanted = self._id(decision_id.strip())
        known = self._application.decision(wanted) if _ID.fullmatch(wanted) else None
        if known is None:
            raise UnknownDecision(f"There is no decision {decision_id[:80]!r}.")
        return decision_of(known, self._read_blob)

    def _id(self, named: str) -> str:
        """Return an id, also where a position was named: that is shorter than any id."""
        if not _POSITION.fullmatch(named) or int(named) > POSITION_MAX:
            return named
        rows = self._views.decisions(before=min(int(named), POSITION_MAX - 1) + 1, limit=1)
        return next((row.decision_id for row in rows if row.position == int(named)), named)

    def _opened(self) -> Decider:
        with self._lock:
            if self._decider is None:
                self._decider = self._open_decider()
            return self._decider


def _phase(named: str | RunPhase) -> RunPhase:
    phase = parse_phase(named)
    if phase is None:
        raise UnknownPhase(f"{named[:80]!r} is not a phase of a run.", phase=named[:80])
    return phase
