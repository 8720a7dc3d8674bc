"""The attempts of deliveries: what each invocation of a plugin came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlalchemy.schema import SchemaItem

from palyra_events.blob import BlobRef
from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.invocation import Invocation
from projections.column import Id, Moment, Position, Words
from projections.fact import Fact


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt of a delivery, in one of its rounds.

    What only the invocation could tell is None where its worker died. ``retry_at`` is None for the
    last attempt. The digests name blobs; an input, output, logs or transcript may have been erased.
    """

    delivery_id: str
    attempt: int
    round: int
    position: int
    recorded_at: datetime
    outcome: str
    message: str
    retry_at: datetime | None
    skill_id: str | None
    skill_version: str | None
    module_sha256: str | None
    as_of: int | None
    exit_code: int | None
    fuel_units: int | None
    memory_bytes_peak: int | None
    duration_us: int | None
    input_sha256: str | None
    output_sha256: str | None
    logs_sha256: str | None
    transcript_sha256: str | None


def attempt_columns() -> list[SchemaItem]:
    """Return the columns of the table of attempts."""
    return [
        Column("delivery_id", Id, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("position", Position, nullable=False),
        Column("recorded_at", Moment, nullable=False),
        Column("outcome", Words, nullable=False),
        Column("message", Words, nullable=False),
        Column("retry_at", Moment),
        Column("skill_id", Id),
        Column("skill_version", Id),
        Column("module_sha256", Text),
        Column("as_of", Position),
        Column("exit_code", BigInteger),
        Column("fuel_units", BigInteger),
        Column("memory_bytes_peak", BigInteger),
        Column("duration_us", BigInteger),
        Column("input_sha256", Text),
        Column("output_sha256", Text),
        Column("logs_sha256", Text),
        Column("transcript_sha256", Text),
        Index(None, "delivery_id", "attempt", unique=True),
    ]


def attempt_values(fact: Fact[AttemptSucceeded | AttemptFailed]) -> dict[str, object]:
    """Return what the rows of successful and failed attempts have in common."""
    event = fact.event
    return {
        "delivery_id": event.delivery_id,
        "attempt": event.attempt,
        "position": fact.position,
        "recorded_at": event.timestamp,
        **_invocation(event.invocation),
    }


def _invocation(run: Invocation | None) -> dict[str, object]:
    return {
        "skill_id": run and run.skill_id,
        "skill_version": run and run.skill_version,
        "module_sha256": run and run.module_sha256,
        "as_of": run and run.as_of,
        "exit_code": run and run.exit_code,
        "fuel_units": run and run.fuel_units,
        "memory_bytes_peak": run and run.memory_bytes_peak,
        "duration_us": run and run.duration_us,
        "input_sha256": run and _digest(run.input),
        "output_sha256": run and _digest(run.output),
        "logs_sha256": run and _digest(run.logs),
        "transcript_sha256": run and _digest(run.transcript),
    }


def _digest(blob: BlobRef | None) -> str | None:
    return None if blob is None else blob.sha256
