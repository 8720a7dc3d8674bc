"""The view of skills: each release, where it stands, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Text, select

from palyra_events.event import Event
from palyra_events.identifiers import version_key
from palyra_events.skill import (
    ModuleFact,
    ReleaseState,
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
    SkillRemoved,
)
from projections.column import Id, Moment, Position, Words
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One release of a skill, or one that was removed.

    ``audit_passed`` is None before the first audit; ``audit_failures`` are those of the newest.
    ``quarantine_reasons`` and ``evidence``, positions in the log, are empty unless it is in quarantine.
    ``is_override`` tells that it was enabled against its audit.
    """

    skill_id: str
    version: str
    state: ReleaseState
    name: str
    publisher: str
    trust_decision: str
    key_id: str
    artifact_sha256: str
    payload_sha256: str
    modules: tuple[ModuleFact, ...]
    audit_passed: bool | None
    audit_failures: tuple[str, ...]
    quarantine_reasons: tuple[str, ...]
    evidence: tuple[int, ...]
    is_override: bool
    installed_at: datetime
    installed_position: int
    changed_at: datetime
    changed_position: int


class SkillView(Projection):
    """The installed releases."""

    name = "skill"
    version = 1
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.skill = self.temporal(
            "skill",
            [Column("skill_id", Id, nullable=False), Column("version", Id, nullable=False)],
            Column("state", Text, nullable=False),
            Column("name", Words, nullable=False),
            Column("publisher", Words, nullable=False),
            Column("trust_decision", Words, nullable=False),
            Column("key_id", Words, nullable=False),
            Column("artifact_sha256", Text, nullable=False),
            Column("payload_sha256", Text, nullable=False),
            Column("modules", JSON, nullable=False),
            Column("audit_passed", Boolean),
            Column("audit_failures", JSON, nullable=False),
            Column("quarantine_reasons", JSON, nullable=False),
            Column("evidence", JSON, nullable=False),
            Column("is_override", Boolean, nullable=False),
            Column("installed_at", Moment, nullable=False),
            Column("installed_position", Position, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Column("changed_position", Position, nullable=False),
        )
        self.handlers = {
            SkillInstalled: self._installed,
            SkillAudited: self._audited,
            SkillEnabled: self._enabled,
            SkillQuarantined: self._quarantined,
            SkillDisabled: self._disabled,
            SkillRemoved: self._removed,
        }

    def now(
        self, connection: Connection, skill_id: str | None = None, at: int | None = None
    ) -> list[SkillRow]:
        """Return the releases of one skill, or of all, as they are, or as they were after an event.

        They come by id and version: 1.10.0 comes after 1.9.0.
        """
        query = select(self.skill.table).where(self.skill.after(at))
        if skill_id is not None:
            query = query.where(self.skill.table.c.skill_id == skill_id)
        rows = [_row(row) for row in connection.execute(query).mappings()]
        return sorted(rows, key=lambda row: (row.skill_id, version_key(row.version)))

    def _installed(self, fact: Fact[SkillInstalled], rows: Rows) -> None:
        """Begin a release; it may have been installed before, and removed."""
        event, release = fact.event, fact.event.release
        rows.put(
            self.skill,
            event.skill_id,
            event.version,
            name=release.name,
            publisher=release.publisher,
            trust_decision=release.trust_decision,
            key_id=release.key_id,
            artifact_sha256=release.artifact.sha256,
            payload_sha256=release.payload_sha256,
            modules=[
                {"path": each.path, "sha256": each.sha256, "size": each.size} for each in release.modules
            ],
            audit_failures=[],
            installed_at=event.timestamp,
            installed_position=fact.position,
            **_standing(fact, ReleaseState.INSTALLED),
        )

    def _audited(self, fact: Fact[SkillAudited], rows: Rows) -> None:
        event = fact.event
        rows.change(
            self.skill,
            event.skill_id,
            event.version,
            audit_passed=event.passed,
            audit_failures=list(event.failures),
        )

    def _enabled(self, fact: Fact[SkillEnabled], rows: Rows) -> None:
        self._move(fact, rows, _standing(fact, ReleaseState.ENABLED, is_override=fact.event.override))

    def _quarantined(self, fact: Fact[SkillQuarantined], rows: Rows) -> None:
        standing = _standing(fact, ReleaseState.QUARANTINED, reasons=fact.event.reasons)
        self._move(fact, rows, {**standing, "evidence": list(fact.event.evidence)})

    def _disabled(self, fact: Fact[SkillDisabled], rows: Rows) -> None:
        self._move(fact, rows, _standing(fact, ReleaseState.DISABLED))

    def _removed(self, fact: Fact[SkillRemoved], rows: Rows) -> None:
        self._move(fact, rows, _standing(fact, ReleaseState.REMOVED))

    def _move(
        self,
        fact: Fact[SkillEnabled | SkillQuarantined | SkillDisabled | SkillRemoved],
        rows: Rows,
        standing: dict[str, object],
    ) -> None:
        rows.change(self.skill, fact.event.skill_id, fact.event.version, **standing)


def _standing(
    fact: Fact[Event], state: ReleaseState, *, reasons: tuple[str, ...] = (), is_override: bool = False
) -> dict[str, object]:
    return {
        "state": state.value,
        "quarantine_reasons": list(reasons),
        "evidence": [],
        "is_override": is_override,
        "changed_at": fact.event.timestamp,
        "changed_position": fact.position,
    }


def _row(row: Mapping[Any, Any]) -> SkillRow:
    values = {name: value for name, value in row.items() if name not in {"valid_from", "valid_to"}}
    return SkillRow(
        **{
            **values,
            "state": ReleaseState(row["state"]),
            "modules": tuple(ModuleFact.model_validate(module) for module in row["modules"]),
            "audit_failures": tuple(row["audit_failures"]),
            "quarantine_reasons": tuple(row["quarantine_reasons"]),
            "evidence": tuple(row["evidence"]),
        }
    )
