"""Rewriting what a log says, hashes and all, for tests of who must notice it otherwise than by the hashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from palyra_events.blob import keep
from palyra_events.event import Event
from palyra_events.ledger.leaf import RawRow
from palyra_events.store import EventLog
from tests.tampering import hashed, run_sql, tamper


def rewrite(log: EventLog, kind: type[Event], change: Callable[[dict[str, Any]], object]) -> int:
    """Let ``change`` edit the facts of the newest event of a type, and return its position."""
    found: list[int] = []

    def attack(rows: list[RawRow]) -> list[RawRow]:
        found.append(max(row.position for row in rows if _is_of(row, kind)))
        return hashed([_changed(row, change) if row.position == found[0] else row for row in rows])

    tamper(log, attack)
    return found[0]


def plant(log: EventLog, content: bytes) -> dict[str, Any]:
    """Keep bytes beside the log, and return how an event names them."""
    reference, blob = keep(content)
    run_sql(log, "INSERT INTO blob VALUES (?, ?)", values=[(blob.digest, blob.content)])
    return reference.model_dump()


def swap_bytes(log: EventLog, sha256: str, content: bytes) -> None:
    """Put other bytes in the place of those that an event names."""
    run_sql(log, "UPDATE blob SET bytes = ? WHERE digest = ?", values=[(content, bytes.fromhex(sha256))])


def drop_bytes(log: EventLog, sha256: str) -> None:
    """Drop the bytes that an event names, as retention and erasure do."""
    run_sql(log, "DELETE FROM blob WHERE digest = ?", values=[(bytes.fromhex(sha256),)])


def _is_of(row: RawRow, kind: type[Event]) -> bool:
    return row.topic.decode().partition("@")[0] == kind.__name__


def _changed(row: RawRow, change: Callable[[dict[str, Any]], object]) -> RawRow:
    facts = json.loads(row.state)
    change(facts)
    return row._replace(state=json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode())
