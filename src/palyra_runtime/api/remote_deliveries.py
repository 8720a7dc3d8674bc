"""The deliveries of a gateway, with what the facade does in several steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter

from palyra_events.delivery import DeliveryState
from palyra_runtime.api.follower import Follower
from palyra_runtime.api.remote_noun import RemoteNoun
from palyra_runtime.api.request import PAGE_SIZE, RemoteJob, Request
from palyra_runtime.facade import Action, BulkPlan, BulkReport, ChangeFilter, Deliveries, DeliveryChange
from palyra_runtime.facade.delivery_changes import CHANGES, LOOK_BACK_MAX
from palyra_runtime.records import BulkPlanRecord
from projections import EVERY_DELIVERY, AuditRow, DeliveryFilter, DeliveryRow

#: the events of deliveries, by name
_KINDS = {kind.__name__: kind for kind in CHANGES}
_ROW = TypeAdapter(AuditRow)


class RemoteDeliveries(RemoteNoun):
    """What operators see of deliveries, and what they can do to them."""

    def list(
        self,
        *,
        state: DeliveryState | None = None,
        hook: str | None = None,
        matching: DeliveryFilter = EVERY_DELIVERY,
        **others: Any,
    ) -> Sequence[DeliveryRow]:
        """List deliveries; see `Deliveries.list`."""
        wanted = matching if state is None else replace(matching, states=frozenset({state}))
        wanted = wanted if hook is None else replace(wanted, hook_id=hook)
        rows: Sequence[DeliveryRow] = self._called(Deliveries.list, matching=wanted, **others)
        return rows

    def change(self, action: Action, delivery_id: str, *, reason: str | None = None) -> DeliveryRow:
        """Do what an operator can do to one delivery; see `Deliveries.change`."""
        row: DeliveryRow = getattr(self, action.value)(delivery_id, reason=reason)
        return row

    def plan(
        self,
        action: Action,
        *,
        ids: Iterable[str] = (),
        matching: DeliveryFilter | None = None,
        **others: Any,
    ) -> BulkPlan:
        """Plan what is done to many deliveries; see `Deliveries.plan`."""
        named = tuple(dict.fromkeys(ids))
        asked = {"action": action, "ids": named, "matching": matching, **others}
        told = Request(self._client, self._operation("plan"), asked).json()
        record = TypeAdapter(BulkPlanRecord).validate_python(told)
        return BulkPlan(
            **{each.name: getattr(record, each.name) for each in fields(record)},
            ids=named if matching is None else None,
            matching=matching or EVERY_DELIVERY,
        )

    def carry_out(self, plan: BulkPlan, *, reason: str | None = None) -> Iterator[BulkReport]:
        """Do what is planned, and yield how far it has come; stop asking to stop it."""
        asked = {"action": plan.action, "as_of": plan.as_of, "reason": reason}
        asked |= {"matching": plan.matching} if plan.ids is None else {"ids": plan.ids}
        job = RemoteJob(self._client, Request(self._client, self._operation("carry_out"), asked).json())
        with closing(job.steps()) as steps:
            for done, total in steps:
                yield BulkReport(plan.action, plan.as_of, total, done, plan.left, plan.refusals)
        yield TypeAdapter(BulkReport).validate_python(job.result())

    def changes(
        self, *, limit: int = 20, matching: ChangeFilter | None = None, follow: bool = False
    ) -> Iterator[DeliveryChange]:
        """Yield what happened last to deliveries, and what happens to them; see `Deliveries.changes`."""
        wanted = matching or ChangeFilter()
        head = RemoteNoun(self._client, "events").identity().head
        yield from self._latest(head, limit, wanted)
        if not follow:
            return
        for event in Follower(self._client, head).events("audit"):
            if change := _change(_ROW.validate_json(event["data"]), wanted):
                yield change

    def _latest(self, end: int, limit: int, wanted: ChangeFilter) -> Sequence[DeliveryChange]:
        """Return the latest changes, looked for as far back as the facade does."""
        trail, found, first = RemoteNoun(self._client, "audit"), list[DeliveryChange](), end - LOOK_BACK_MAX
        while len(found) < limit and end > max(first, 0):
            start = max(first, 0, end - PAGE_SIZE)
            rows = trail.log(after=start, limit=end - start)
            found = [change for row in rows if (change := _change(row, wanted))] + found
            end = start
        return found[max(0, len(found) - limit) :]


def _change(row: AuditRow, wanted: ChangeFilter) -> DeliveryChange | None:
    """Return a row of the trail as a change of a delivery, None where nobody asked for that."""
    name = row.topic.partition("@")[0]
    kind = _KINDS.get(name)
    if kind is None or not wanted.takes(kind, row.subject_id):
        return None
    return DeliveryChange(row.position, row.timestamp, row.subject_id, name, row.summary, row.actor)
