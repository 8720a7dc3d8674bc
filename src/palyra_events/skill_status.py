"""The reference system's records of how the releases of skills stand.

There a status is a row that the next one overwrites; here it is folded from events. These rules read
what the reference kept: one record for each release, and which release of a skill was looked at last.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from palyra_events.identifiers import Version, normalize_identifier, version_key
from palyra_events.index_file import UnixMs


class SkillStatusRecord(BaseModel):
    """How one release stood, since when, and who said so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    skill_id: str
    version: Version
    status: Literal["active", "quarantined", "disabled"]
    reason: str | None = None
    detected_at_ms: UnixMs
    operator_principal: str
    updated_at_ms: UnixMs = 0


def current_statuses(records: Iterable[SkillStatusRecord]) -> list[SkillStatusRecord]:
    """Return the last record of each release; of two about one release, the later one holds."""
    latest = {(_id(record.skill_id), record.version): record for record in records}
    return list(latest.values())


def latest_status(records: Iterable[SkillStatusRecord], skill_id: str) -> SkillStatusRecord | None:
    """Return the record that tells how a skill stands, None where there is none of it.

    It is the one that was detected last, then the one written last, then that of the newest version.

    Raises:
        InvalidIdentifier: no skill can be called so.
    """
    wanted = _id(skill_id)
    found = [record for record in current_statuses(records) if _id(record.skill_id) == wanted]
    return max(
        found,
        key=lambda record: (record.detected_at_ms, record.updated_at_ms, version_key(record.version)),
        default=None,
    )


def _id(text: str) -> str:
    return normalize_identifier(text, "skill")
