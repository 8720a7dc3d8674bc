"""Operations on the reference's records of how releases stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_events.skill_status import SkillStatusRecord, latest_status


def status(given: dict[str, Any]) -> dict[str, Any] | None:
    records = [SkillStatusRecord(**each) for each in given["upserts"]]
    latest = latest_status(records, given["latest"])
    return None if latest is None else latest.model_dump(mode="json")


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {"skills.status": status}

#: their cases name some fields of a result only
PARTIAL = frozenset({"skills.status"})
