"""Doing one thing to many deliveries: first a plan, then page by page, so that it can be stopped.

A page is one append: all of its deliveries change, or none. The plan holds the position at which it was
made, and each delivery is changed at the version that it had then: one that has changed since is left
alone. So a plan does nothing twice, also where it is carried out again after something had stopped it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from palyra_events import delivery as deliveries
from palyra_events.application import Application, Intent
from palyra_events.commands.delivery import Rule
from palyra_events.delivery import CLOSED_STATES, OPEN_STATES, RETRIABLE_STATES, DeliveryState
from palyra_events.errors import ReasonRequired, StaleVersion
from projections import DeliveryFilter, DeliveryRow, Views

#: deliveries of one append; others can write between two of them
PAGE_SIZE = 100
#: ids that a plan names, and refusals that a report tells, as a sample
SAMPLE_SIZE = 10


class Action(StrEnum):
    """What an operator can do to deliveries."""

    REDELIVER = "redeliver"
    RETRY = "retry"
    CANCEL = "cancel"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Course:
    """The rule behind an action, the states from which it is allowed, and whether it must say why."""

    rule: Rule
    states: frozenset[DeliveryState]
    needs_reason: bool = False


COURSES: Mapping[Action, Course] = MappingProxyType(
    {
        Action.REDELIVER: Course(deliveries.requeue_delivery, CLOSED_STATES),
        Action.RETRY: Course(deliveries.retry_delivery, RETRIABLE_STATES),
        Action.CANCEL: Course(deliveries.cancel_delivery, OPEN_STATES),
        Action.DISCARD: Course(
            deliveries.discard_delivery, frozenset({DeliveryState.DEAD}), needs_reason=True
        ),
    }
)


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What would be done: to ``total`` deliveries, so many of each hook, the first of which are named.

    ``as_of`` is the position at which it was made. ``left`` counts those that were named and that the
    action does not fit, ``refusals`` says why, for some of them.
    """

    action: Action
    as_of: int
    total: int
    by_hook: Mapping[str, int]
    first: tuple[str, ...]
    left: int
    refusals: tuple[str, ...]
    ids: tuple[str, ...] | None
    matching: DeliveryFilter


@dataclass(frozen=True, slots=True)
class BulkReport:
    """How far a plan has come: ``done`` of ``total``.

    At its end, ``left`` counts what was not done because it had changed meanwhile or did not fit.
    """

    action: Action
    as_of: int
    total: int
    done: int
    left: int
    refusals: tuple[str, ...]


class Bulk:
    """Makes plans and carries them out, for one actor."""

    def __init__(self, application: Application, views: Views, actor: str) -> None:
        self._application = application
        self._views = views
        self._actor = actor

    def plan(self, action: Action, matching: DeliveryFilter, *, as_of: int, reason: str | None) -> BulkPlan:
        """Return what the action would do to the deliveries that match and have not changed since ``as_of``.

        Raises:
            ReasonRequired: the action has to say why.
            ReasonTooLong, InvalidInput: the reason is not well-formed.
        """
        self._check(action, reason)
        states = COURSES[action].states
        chosen = states & matching.states if matching.states else states
        wanted = replace(matching, states=chosen, changed_until=as_of)
        # A filter without states would ask for all of them.
        by_hook = self._views.count_deliveries_by_hook(wanted) if chosen else {}
        first = self._views.deliveries(wanted, limit=SAMPLE_SIZE) if by_hook else []
        return BulkPlan(
            action=action,
            as_of=as_of,
            total=sum(by_hook.values()),
            by_hook=by_hook,
            first=tuple(row.delivery_id for row in first),
            left=0,
            refusals=(),
            ids=None,
            matching=wanted,
        )

    def plan_for(
        self, action: Action, rows: Sequence[DeliveryRow], *, as_of: int, reason: str | None
    ) -> BulkPlan:
        """Return what the action would do to these deliveries, but for those that changed after ``as_of``.

        Raises:
            ReasonRequired: the action has to say why.
            ReasonTooLong, InvalidInput: the reason is not well-formed.
        """
        self._check(action, reason)
        states = COURSES[action].states
        chosen = [row for row in rows if row.state in states and row.changed_position <= as_of]
        refusals = [_refusal(row, states) for row in rows if row not in chosen]
        hooks = sorted({row.hook_id for row in chosen})
        return BulkPlan(
            action=action,
            as_of=as_of,
            total=len(chosen),
            by_hook={hook: sum(1 for row in chosen if row.hook_id == hook) for hook in hooks},
            first=tuple(row.delivery_id for row in chosen[:SAMPLE_SIZE]),
            left=len(refusals),
            refusals=tuple(refusals[:SAMPLE_SIZE]),
            ids=tuple(row.delivery_id for row in chosen),
            matching=DeliveryFilter(),
        )

    def carry_out(self, plan: BulkPlan, *, reason: str | None) -> Iterator[BulkReport]:
        """Do what is planned and yield after each page how far it has come, in the end the whole.

        Whoever asks for no more pages stops it; what is done stays done.
        """
        # All that one command sets off has one correlation id, also where it is many appends.
        stamp, _ = self._application.stamp(Intent(self._actor, reason))
        intent = Intent(self._actor, reason, correlation_id=stamp.correlation_id)
        done, refusals = 0, list(plan.refusals)
        for ids in self._pages(plan):
            refused = self._change(plan, ids, intent)
            done, refusals = done + len(ids) - len(refused), [*refusals, *refused][:SAMPLE_SIZE]
            yield BulkReport(plan.action, plan.as_of, plan.total, done, plan.left, tuple(refusals))
        left = plan.left + plan.total - done
        yield BulkReport(plan.action, plan.as_of, plan.total, done, left, tuple(refusals))

    def _pages(self, plan: BulkPlan) -> Iterator[Sequence[str]]:
        if plan.ids is not None:
            yield from (plan.ids[at : at + PAGE_SIZE] for at in range(0, len(plan.ids), PAGE_SIZE))
            return
        after = 0
        while plan.total and (page := self._views.deliveries(plan.matching, after=after, limit=PAGE_SIZE)):
            yield [row.delivery_id for row in page]
            after = page[-1].scheduled_position

    def _change(self, plan: BulkPlan, ids: Sequence[str], intent: Intent) -> list[str]:
        """Change these deliveries at once, or else each that can be changed; return why the others cannot."""
        chosen = [self._application.delivery(delivery_id, plan.as_of) for delivery_id in ids]
        try:
            self._application.change_deliveries(COURSES[plan.action].rule, chosen, intent)
        except StaleVersion:
            if len(ids) == 1:
                return [f"Delivery {ids[0]} has changed since position {plan.as_of}."]
            return [refusal for each in ids for refusal in self._change(plan, [each], intent)]
        return []

    def _check(self, action: Action, reason: str | None) -> None:
        self._application.check_intent(Intent(self._actor, reason))
        if COURSES[action].needs_reason and not (reason and reason.strip()):
            raise ReasonRequired(f"To {action} deliveries, say why.")


def _refusal(row: DeliveryRow, states: frozenset[DeliveryState]) -> str:
    if row.state in states:
        return f"Delivery {row.delivery_id} has changed, at position {row.changed_position}."
    return f"Delivery {row.delivery_id} is {row.state}."
