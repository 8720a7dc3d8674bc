"""What an operation answers: its type for the document, and its value as JSON."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from palyra_events.retention import RetentionPlan
from palyra_runtime import records
from palyra_runtime.api.listing import Listing, listing
from palyra_runtime.api.operation import Operation
from palyra_runtime.dispatch import Decision
from palyra_runtime.erasure import ErasurePlan
from palyra_runtime.facade import (
    AttemptDetail,
    AuditReport,
    BulkPlan,
    DeliveryDetail,
    EventDetail,
    ReleaseChange,
)
from palyra_runtime.facade.plugins import PluginGrants
from palyra_runtime.ledger import SignedCheckpoint, VerifyReport
from palyra_runtime.plain import plain
from palyra_runtime.replay import ReplayReport

ValueT = TypeVar("ValueT")

#: what stands for a result where programs read it, and how it is made at a moment
_RECORDS: Mapping[type, tuple[type, Callable[[Any, datetime], object]]] = types.MappingProxyType(
    {
        AttemptDetail: (
            records.TranscriptRecord,
            lambda value, _: records.TranscriptRecord.of(value),
        ),
        AuditReport: (records.AuditReportRecord, lambda value, _: records.AuditReportRecord.of(value)),
        BulkPlan: (records.BulkPlanRecord, lambda value, _: records.BulkPlanRecord.of(value)),
        Decision: (records.DecisionRecord, lambda value, _: records.DecisionRecord.of(value)),
        DeliveryDetail: (records.DeliveryRecord, records.DeliveryRecord.of),
        ErasurePlan: (records.ErasurePlanRecord, lambda value, _: records.ErasurePlanRecord.of(value)),
        EventDetail: (records.EventRecord, lambda value, _: records.EventRecord.of(value)),
        PluginGrants: (records.GrantsRecord, lambda value, _: records.GrantsRecord.of(value)),
        ReleaseChange: (records.ReleaseChangeRecord, lambda value, _: records.ReleaseChangeRecord.of(value)),
        ReplayReport: (records.ReplayRecord, lambda value, _: records.ReplayRecord.of(value)),
        RetentionPlan: (records.RetentionPlanRecord, lambda value, _: records.RetentionPlanRecord.of(value)),
        SignedCheckpoint: (records.CheckpointRecord, lambda value, _: records.CheckpointRecord.of(value)),
        VerifyReport: (records.VerificationRecord, lambda value, _: records.VerificationRecord.of(value)),
    }
)


def result_type(operation: Operation) -> Any:
    """Return the type that the document says an operation answers with."""
    hint = get_type_hints(operation.call)["return"]
    row = row_type(hint)
    if row is None:
        return _recorded(hint)
    # A generic model takes its parameter when the program runs.
    return Listing.__class_getitem__(_recorded(row))


def told(operation: Operation, value: object, arguments: Mapping[str, Any], now: datetime) -> Any:
    """Return a result as JSON."""
    if row_type(get_type_hints(operation.call)["return"]) is None:
        return plain(_record(value, now))
    assert isinstance(value, Sequence)
    page = listing(value, operation.turn, arguments)
    return plain({**page, "items": [_record(row, now) for row in value]})


def row_type(hint: Any) -> Any:
    """Return the type of the rows of a listing, None where it is none."""
    arguments = get_args(hint)
    is_tuple = get_origin(hint) is tuple and arguments[-1:] == (...,)
    return arguments[0] if is_tuple or get_origin(hint) in {Sequence, list} else None


def _recorded(kind: Any) -> Any:
    """Return the type that stands for another one, also where there may be nothing."""
    members = [each for each in get_args(kind) if each is not types.NoneType]
    if types.NoneType in get_args(kind) and len(members) == 1:
        return _recorded(members[0]) | None
    return _RECORDS[kind][0] if kind in _RECORDS else kind


def _record(value: object, now: datetime) -> object:
    known = _RECORDS.get(type(value))
    return value if known is None else known[1](value, now)
