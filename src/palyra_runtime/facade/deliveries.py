"""What an operator does with deliveries: look at them, and change their course."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from palyra_events.application import Application, Intent
from palyra_events.delivery import DeliveryState
from palyra_events.errors import UnknownDelivery
from palyra_events.identifiers import normalize_hook_id
from palyra_events.store import EventLog
from palyra_runtime.blobs import kept_bytes
from palyra_runtime.dispatch import Leases
from palyra_runtime.dispatch.lease import Standing
from palyra_runtime.facade.delivery_absence import DeliveryAbsence
from palyra_runtime.facade.delivery_bulk import COURSES, Action, Bulk, BulkPlan, BulkReport
from palyra_runtime.facade.delivery_changes import ChangeFilter, DeliveryChange, DeliveryChanges
from palyra_runtime.facade.page import check_page
from palyra_runtime.facade.recorded import showing_recorded
from projections import (
    EVERY_DELIVERY,
    AttemptRow,
    AuditRow,
    DeliveryFilter,
    DeliveryRow,
    DeliveryStats,
    Point,
    StatsKey,
    Subject,
    Views,
)

#: deliveries that are named where one waits behind others
_AHEAD_MAX = 3
#: events that are shown of one delivery; more than any has in ten rounds
_HISTORY_MAX = 1000


@dataclass(frozen=True, slots=True)
class AttemptDetail:
    """One attempt, with the documents that lie beside the log; None where there is none, or none any more."""

    row: AttemptRow
    input: Any
    output: Any
    logs: Any
    transcript: Any


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """One delivery, its attempts and its events, in order.

    ``ahead`` names the first of the deliveries that an open one waits behind. ``under_way`` is the number
    of the attempt that somebody is making; if ``is_silent``, nothing was heard of him for too long.
    ``seen_at`` is the moment as of which all that is told, None for the present one.
    """

    row: DeliveryRow
    under_way: int | None
    is_silent: bool
    attempts: tuple[AttemptDetail, ...]
    history: tuple[AuditRow, ...]
    ahead: tuple[str, ...]
    seen_at: datetime | None = None


class Deliveries:
    """Look deliveries up, and change their course. Calling it lists them, as `list` does.

    What changes a delivery returns it; `RecordedNotShown` says that it could not.
    """

    def __init__(
        self, *, log: EventLog, application: Application, views: Views, leases: Leases, actor: str
    ) -> None:
        self._log = log
        self._leases = leases
        self._application = application
        self._views = views
        self._actor = actor
        self._absence = DeliveryAbsence(log, views)
        self._bulk = Bulk(application, views, actor)
        self._changes = DeliveryChanges(log)

    def list(  # noqa: PLR0913 - the filters of a listing
        self,
        *,
        state: DeliveryState | None = None,
        hook: str | None = None,
        matching: DeliveryFilter = EVERY_DELIVERY,
        after: int = 0,
        limit: int = 100,
        newest_first: bool = False,
        at: Point | None = None,
    ) -> Sequence[DeliveryRow]:
        """Return deliveries in the order of scheduling, at most ``limit`` after a position.

        ``state`` and ``hook`` are the filters that most people need; ``matching`` has all of them. With
        ``at``, a position or moment, they are as they were then.

        Raises:
            InvalidIdentifier: this cannot be the name of a hook.
            UnknownEvent: the log is not that long.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after, limit)
        wanted = matching if state is None else replace(matching, states=frozenset({state}))
        if hook is not None:
            wanted = replace(wanted, hook_id=normalize_hook_id(hook))
        return self._views.deliveries(wanted, after=after, limit=limit, newest_first=newest_first, at=at)

    __call__ = list  # noqa: A003 - the method above

    def show(self, delivery_id: str, *, at: Point | None = None) -> DeliveryDetail:
        """Return one delivery with its attempts, its events, and what it waits behind.

        With ``at``, a position or moment, as all that was then; who made an attempt then is not kept.

        Raises:
            UnknownDelivery: there is none of this id, or was; the message says why.
            UnknownEvent: the log is not that long.
        """
        row = self._row(delivery_id, at)
        subject = Subject("delivery", row.delivery_id)
        history = self._views.audit(subject=subject, limit=_HISTORY_MAX, at=at)
        ahead = self._views.deliveries_before(row, _AHEAD_MAX, at) if row.is_open else []
        standing = self._standing(row) if at is None else None
        return DeliveryDetail(
            row=row,
            under_way=None if standing is None else standing.lease.attempt,
            is_silent=standing is not None and standing.until <= standing.now,
            attempts=self._attempts(row, at),
            history=tuple(history),
            ahead=tuple(each.delivery_id for each in ahead),
            seen_at=None if at is None else self._views.moment_at(at),
        )

    def attempts(self, delivery_id: str, *, at: Point | None = None) -> tuple[AttemptDetail, ...]:
        """Return the attempts of a delivery, in order: what the plugin was told, and what it said.

        With ``at``, a position or moment, those that had been made then.

        Raises:
            UnknownDelivery: there is none of this id, or was; the message says why.
            UnknownEvent: the log is not that long.
        """
        return self._attempts(self._row(delivery_id, at), at)

    def standings(self) -> Mapping[DeliveryState, int]:
        """Return how many deliveries are in each state."""
        by_state = {each: DeliveryFilter(states=frozenset({each})) for each in DeliveryState}
        return {
            each: sum(self._views.count_deliveries_by_hook(matching).values())
            for each, matching in by_state.items()
        }

    def stats(
        self,
        by: StatsKey = StatsKey.HOOK,
        matching: DeliveryFilter = EVERY_DELIVERY,
        *,
        at: Point | None = None,
    ) -> Sequence[DeliveryStats]:
        """Return figures by hook, plugin or outcome, as they are, or were at a position or moment.

        Raises:
            UnknownEvent: the log is not that long.
        """
        return self._views.delivery_stats(by, matching, at)

    def changes(
        self, *, limit: int = 20, matching: ChangeFilter | None = None, follow: bool = False
    ) -> Iterator[DeliveryChange]:
        """Yield what happened last to deliveries, the oldest first; then, to ``follow``, all that happens.

        Raises:
            PageOutOfRange: the number makes no sense.
        """
        check_page(0, limit)
        return self._changes.tail(limit, matching or ChangeFilter(), follow=follow)

    def redeliver(self, delivery_id: str, *, reason: str | None = None) -> DeliveryRow:
        """Have a delivery carried out once more that has come to an end, in a new round.

        Raises:
            UnknownDelivery, IllegalTransition, StaleVersion: nothing was changed.
        """
        return self.change(Action.REDELIVER, delivery_id, reason=reason)

    def retry(self, delivery_id: str, *, reason: str | None = None) -> DeliveryRow:
        """Redeliver a dead letter, or make the next attempt of a waiting one due at once.

        Raises:
            UnknownDelivery, IllegalTransition, StaleVersion: nothing was changed.
        """
        return self.change(Action.RETRY, delivery_id, reason=reason)

    def cancel(self, delivery_id: str, *, reason: str | None = None) -> DeliveryRow:
        """Cancel an open delivery; if an attempt is being made, it comes to nothing.

        Raises:
            UnknownDelivery, IllegalTransition, StaleVersion: nothing was changed.
        """
        return self.change(Action.CANCEL, delivery_id, reason=reason)

    def discard(self, delivery_id: str, *, reason: str) -> DeliveryRow:
        """Put a dead letter away.

        Raises:
            ReasonRequired, UnknownDelivery, IllegalTransition, StaleVersion: nothing was changed.
        """
        return self.change(Action.DISCARD, delivery_id, reason=reason)

    def change(self, action: Action, delivery_id: str, *, reason: str | None = None) -> DeliveryRow:
        """Do what an operator can do to one delivery, and return it.

        Raises:
            ReasonRequired, UnknownDelivery, IllegalTransition, StaleVersion: nothing was changed.
        """
        row = self._row(delivery_id)
        delivery = self._application.delivery(row.delivery_id)
        self._application.change_deliveries(COURSES[action].rule, [delivery], Intent(self._actor, reason))
        with showing_recorded():
            return self._views.delivery(row.delivery_id)

    def plan(
        self,
        action: Action,
        *,
        ids: Iterable[str] = (),
        matching: DeliveryFilter | None = None,
        as_of: int | None = None,
        reason: str | None = None,
    ) -> BulkPlan:
        """Return what an action would do to all that match, or else to those named; nothing is done.

        With ``as_of``, what has changed after that position is left alone: so a plan that was stopped
        can be made again, and does not do again what is done.

        Raises:
            UnknownDelivery: one that was named does not exist.
            ReasonRequired, ReasonTooLong: the reason will not do.
        """
        head = self._log.head()
        upto = head if as_of is None else min(as_of, head)
        if matching is not None:
            return self._bulk.plan(action, matching, as_of=upto, reason=reason)
        rows = [self._row(each) for each in dict.fromkeys(ids)]
        return self._bulk.plan_for(action, rows, as_of=upto, reason=reason)

    def carry_out(self, plan: BulkPlan, *, reason: str | None = None) -> Iterator[BulkReport]:
        """Do what is planned, page by page, and yield how far it has come; stop asking to stop it.

        Raises:
            ReasonRequired: the action has to say why.
        """
        return self._bulk.carry_out(plan, reason=reason)

    def _row(self, delivery_id: str, at: Point | None = None) -> DeliveryRow:
        if not delivery_id.isprintable():
            raise self._absence.explain(delivery_id)
        try:
            return self._views.delivery(delivery_id, at)
        except UnknownDelivery as error:
            if at is None:
                raise self._absence.explain(delivery_id) from error
            # Where it is not there at all, that says why.
            self._row(delivery_id)
            raise UnknownDelivery(
                f"Delivery {delivery_id} was not scheduled yet.", delivery_id=delivery_id
            ) from error

    def _attempts(self, row: DeliveryRow, at: Point | None) -> tuple[AttemptDetail, ...]:
        return tuple(self._detail(each) for each in self._views.attempts(row.delivery_id, at))

    def _standing(self, row: DeliveryRow) -> Standing | None:
        """Return the lease under which the next attempt of a delivery is being made, if there is one.

        A lease stays for a while after the outcome of its attempt was recorded.
        """
        for each in self._leases.standing() if row.is_open else []:
            if each.lease.delivery_id == row.delivery_id and each.lease.attempt == row.attempts + 1:
                return each
        return None

    def _detail(self, row: AttemptRow) -> AttemptDetail:
        digests = (row.input_sha256, row.output_sha256, row.logs_sha256, row.transcript_sha256)
        return AttemptDetail(row, *(_document(kept_bytes(self._log, each)) for each in digests))


def _document(content: bytes | None) -> Any:
    """Return a kept document; what a guest wrote may be no JSON, and is shown as the text it is."""
    if content is None:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content.decode(errors="replace")
