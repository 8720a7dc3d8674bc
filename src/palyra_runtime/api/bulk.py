"""The operation that does one thing to many deliveries, as a job."""

from __future__ import annotations

from collections.abc import Iterable

from palyra_runtime.api.operation import Progress
from palyra_runtime.facade import Action, BulkReport, Deliveries
from projections import DeliveryFilter


def carry_out(  # noqa: PLR0913 - what an operator may choose
    deliveries: Deliveries,
    action: Action,
    *,
    ids: Iterable[str] = (),
    matching: DeliveryFilter | None = None,
    as_of: int | None = None,
    reason: str | None = None,
    progress: Progress,
) -> BulkReport:
    """Do one thing to all deliveries that match, or to those named; ``as_of`` is that of a plan."""
    plan = deliveries.plan(action, ids=ids, matching=matching, as_of=as_of, reason=reason)
    for report in deliveries.carry_out(plan, reason=reason):
        progress(report.done, report.total)
    return report
