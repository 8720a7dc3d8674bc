"""Deliveries as programs read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

from palyra_runtime.facade import Action, AttemptDetail, BulkPlan, DeliveryDetail
from palyra_runtime.records.standing import standing
from projections import AttemptRow, AuditRow, DeliveryRow


@dataclass(frozen=True, slots=True)
class AttemptRecord(AttemptRow):
    """One attempt with what the plugin was told, and what it said; None where nothing is kept."""

    input: Any
    output: Any
    logs: Any

    @classmethod
    def of(cls, detail: AttemptDetail) -> Self:
        """Return an attempt for programs, without the transcript of its host calls."""
        row = {each.name: getattr(detail.row, each.name) for each in fields(AttemptRow)}
        return cls(**row, input=detail.input, output=detail.output, logs=detail.logs)


@dataclass(frozen=True, slots=True)
class TranscriptRecord(AttemptRecord):
    """One attempt with the transcript of its host calls, too."""

    transcript: Any

    @classmethod
    def of(cls, detail: AttemptDetail) -> Self:
        """Return an attempt for programs, with all that is kept of it."""
        row = {each.name: getattr(detail.row, each.name) for each in fields(AttemptRow)}
        return cls(
            **row,
            input=detail.input,
            output=detail.output,
            logs=detail.logs,
            transcript=detail.transcript,
        )


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One delivery: why it stands as it does, its attempts, and what happened to it."""

    delivery: DeliveryRow
    why: str
    under_way: int | None
    is_silent: bool
    ahead: tuple[str, ...]
    attempts: tuple[AttemptRecord, ...]
    history: tuple[AuditRow, ...]

    @classmethod
    def of(cls, detail: DeliveryDetail, now: datetime) -> Self:
        """Return a delivery for programs, as it stands at a moment."""
        return cls(
            delivery=detail.row,
            why=standing(detail, now),
            under_way=detail.under_way,
            is_silent=detail.is_silent,
            ahead=detail.ahead,
            attempts=tuple(AttemptRecord.of(each) for each in detail.attempts),
            history=detail.history,
        )


@dataclass(frozen=True, slots=True)
class BulkPlanRecord:
    """What would be done to deliveries, without the filter that chose them."""

    action: Action
    as_of: int
    total: int
    by_hook: Mapping[str, int]
    first: tuple[str, ...]
    left: int
    refusals: tuple[str, ...]

    @classmethod
    def of(cls, plan: BulkPlan) -> Self:
        """Return a plan for programs."""
        return cls(
            action=plan.action,
            as_of=plan.as_of,
            total=plan.total,
            by_hook=plan.by_hook,
            first=plan.first,
            left=plan.left,
            refusals=plan.refusals,
        )
