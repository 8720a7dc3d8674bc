"""What an operation is told and answers, from the side of the one who asks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, get_args

from pydantic import TypeAdapter

from palyra_events.belongings import Quotes
from palyra_events.capabilities import CapabilityDiff, Difference, DifferenceKind
from palyra_events.decision import HookDecision, Resolution
from palyra_events.ledger import Checkpoint, VerifierKey
from palyra_events.ledger.damage import Finding
from palyra_events.ledger.note import Note
from palyra_events.registry import REGISTRY
from palyra_events.retention import RetentionPlan
from palyra_runtime.api.result import row_type
from palyra_runtime.dispatch import Decision
from palyra_runtime.erasure import ErasurePlan
from palyra_runtime.facade import AttemptDetail, AuditReport, DeliveryDetail, Entitlement, EventDetail
from palyra_runtime.facade.plugins import PluginGrants
from palyra_runtime.ledger import SignedCheckpoint, VerifyReport
from palyra_runtime.plain import plain
from palyra_runtime.records import (
    AuditReportRecord,
    CheckpointRecord,
    DecisionRecord,
    DeliveryRecord,
    ErasurePlanRecord,
    EventRecord,
    GrantsRecord,
    ReplayRecord,
    RetentionPlanRecord,
    VerificationRecord,
)
from palyra_runtime.replay import ReplayReport
from projections import AttemptRow, Subject


def written_value(hint: Any, value: object) -> Any:
    """Return a value as the query of a request has it, or the body: see `palyra_runtime.api.parameters`."""
    if isinstance(value, Subject):
        return f"{value.kind}:{value.id}"
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if hint == tuple[int, int] and isinstance(value, tuple):
        return ".".join(map(str, value))
    return plain(value)


def read_value(hint: Any, answer: Any) -> Any:
    """Return what the facade would have returned, from the JSON of an answer.

    Raises:
        ValueError: it is not what the document promises.
    """
    if hint is NoneType:
        return None
    row = row_type(hint)
    if row is not None:
        return [read_value(row, each) for each in answer["items"]]
    members = [each for each in get_args(hint) if each is not NoneType]
    if NoneType in get_args(hint) and len(members) == 1:
        return None if answer is None else read_value(members[0], answer)
    reader = _READERS.get(hint)
    return reader(answer) if reader is not None else _adapter(hint).validate_python(answer)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Return what reads a type; to make it takes longer than to read a row."""
    return TypeAdapter(kind)


def _attempt(answer: Any) -> AttemptDetail:
    documents = {name: answer.get(name) for name in ("input", "output", "logs", "transcript")}
    return AttemptDetail(_adapter(AttemptRow).validate_python(answer), **documents)


def _delivery(answer: Any) -> DeliveryDetail:
    record = _adapter(DeliveryRecord).validate_python(answer)
    return DeliveryDetail(
        row=record.delivery,
        under_way=record.under_way,
        is_silent=record.is_silent,
        attempts=tuple(_attempt(each) for each in answer["attempts"]),
        history=record.history,
        ahead=record.ahead,
    )


def _event(answer: Any) -> EventDetail:
    record = _adapter(EventRecord).validate_python(answer)
    return EventDetail(
        position=record.position,
        stream_id=record.stream_id,
        version=record.version,
        topic=record.topic,
        leaf=bytes.fromhex(record.leaf),
        event=REGISTRY.types[record.topic].model_validate(record.event),
        reason=record.reason,
    )


def _decision(answer: Any) -> Decision:
    record = _adapter(DecisionRecord).validate_python(answer)
    selected = HookDecision.model_validate(record.selected)
    return Decision(
        decision_id=record.decision_id,
        position=record.position,
        payload=record.payload,
        resolution=Resolution(record.phase, selected, (), record.conflicts),
        answers=record.answers,
        duration_us=record.duration_us,
        is_repeated=record.is_repeated,
    )


def _grants(answer: Any) -> PluginGrants:
    record = _adapter(GrantsRecord).validate_python(answer)
    differences = tuple(
        Difference(each.capability_kind, each.value, DifferenceKind(each.category))
        for each in record.differences
    )
    # Whether it is valid, and holds, is told by what is in effect.
    diff = CapabilityDiff(True, record.effective, differences)
    return PluginGrants(
        plugin_id=record.plugin_id,
        skill_id=record.skill_id,
        version=record.version,
        module_path=record.module_path,
        has_module=record.has_module,
        is_same_module=record.is_same_module,
        secret_hosts=record.secret_hosts,
        entitlement=Entitlement(record.declared, record.granted, diff, holds=True),
    )


def _checkpoint(answer: Any) -> SignedCheckpoint:
    record = _adapter(CheckpointRecord).validate_python(answer)
    note = record.note.encode()
    key = VerifierKey.parse(record.verifier_key)
    return SignedCheckpoint(Checkpoint.parse(Note.parse(note).text), note, key, record.signed_at)


def _verification(answer: Any) -> VerifyReport:
    return _verified(_adapter(VerificationRecord).validate_python(answer))


def _verified(record: VerificationRecord) -> VerifyReport:
    findings = tuple(
        Finding(each.damage, each.message, each.position, each.last_position) for each in record.findings
    )
    names = {each.name for each in dataclasses.fields(VerifyReport)} - {"findings"}
    return VerifyReport(**{name: getattr(record, name) for name in names}, findings=findings)


def _audit_report(answer: Any) -> AuditReport:
    record = _adapter(AuditReportRecord).validate_python(answer)
    return AuditReport(_verified(record.verification), record.after, record.actors)


def _erasure_plan(answer: Any) -> ErasurePlan:
    record = _adapter(ErasurePlanRecord).validate_python(answer)
    # Which bytes go, and whose words are looked for, the gateway finds out again when it erases.
    return ErasurePlan(
        subject=record.subject,
        head=record.head,
        acts=record.acts,
        blobs=record.blobs,
        kinds=record.kinds,
        dropped_bytes=record.bytes,
        left=record.left,
        open_deliveries=record.open_deliveries,
        digests=(),
        quotes=Quotes(()),
    )


def _retention_plan(answer: Any) -> RetentionPlan:
    plan: RetentionPlan = _adapter(RetentionPlanRecord).validate_python(answer).plan
    return plan


def _replay(answer: Any) -> ReplayReport:
    report: ReplayReport = _adapter(ReplayRecord).validate_python(answer).report
    return report


#: how results are read that are told in another form than they have
_READERS: Mapping[Any, Callable[[Any], Any]] = MappingProxyType(
    {
        AttemptDetail: _attempt,
        AuditReport: _audit_report,
        Decision: _decision,
        DeliveryDetail: _delivery,
        ErasurePlan: _erasure_plan,
        EventDetail: _event,
        PluginGrants: _grants,
        ReplayReport: _replay,
        RetentionPlan: _retention_plan,
        SignedCheckpoint: _checkpoint,
        VerifyReport: _verification,
    }
)
