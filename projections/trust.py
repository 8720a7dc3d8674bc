"""The view of trust over time: which key of which publisher may sign what.

Each row holds from the event ``valid_from`` until before the event ``valid_to``. A key that was retired
or revoked has rows too, that say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import JSON, Column, Connection, Text, select

from palyra_events.publisher import (
    KeyStanding,
    PublisherKeyRotated,
    PublisherPinned,
    PublisherRevoked,
    PublisherTrusted,
)
from projections.column import Id, Moment
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows

_Change: TypeAlias = PublisherTrusted | PublisherPinned | PublisherKeyRotated | PublisherRevoked


@dataclass(frozen=True, slots=True)
class TrustRow:
    """What a publisher's key was from one of its events to the next; ``valid_to`` is None for now.

    ``public_key`` is 32 bytes in hexadecimal. ``skills`` are ids and prefixes; without any, the key may
    sign every skill that is not another publisher's. ``changed_by`` is the actor.
    """

    publisher: str
    public_key: str
    valid_from: int
    valid_to: int | None
    key_id: str
    standing: KeyStanding
    skills: tuple[str, ...]
    changed_by: str
    changed_at: datetime


class TrustView(Projection):
    """The keys of publishers."""

    name = "trust"
    version = 1
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.trust = self.temporal(
            "trust",
            [Column("publisher", Id, nullable=False), Column("public_key", Text, nullable=False)],
            Column("key_id", Id, nullable=False),
            Column("standing", Text, nullable=False),
            Column("skills", JSON, nullable=False),
            Column("changed_by", Id, nullable=False),
            Column("changed_at", Moment, nullable=False),
        )
        self.handlers = {
            PublisherTrusted: self._trusted,
            PublisherPinned: self._pinned,
            PublisherKeyRotated: self._rotated,
            PublisherRevoked: self._revoked,
        }

    def now(
        self, connection: Connection, publisher: str | None = None, at: int | None = None
    ) -> list[TrustRow]:
        """Return the keys of one publisher, or of all, as they are, or as they were after an event."""
        row = self.trust.table.c
        query = select(self.trust.table).where(self.trust.after(at))
        if publisher is not None:
            query = query.where(row.publisher == publisher)
        query = query.order_by(row.publisher, row.valid_from, row.public_key)
        return [_row(found) for found in connection.execute(query).mappings()]

    def _trusted(self, fact: Fact[PublisherTrusted], rows: Rows) -> None:
        self._set(fact, rows, KeyStanding.TRUSTED, fact.event.skills)

    def _pinned(self, fact: Fact[PublisherPinned], rows: Rows) -> None:
        self._set(fact, rows, KeyStanding.PINNED)

    def _revoked(self, fact: Fact[PublisherRevoked], rows: Rows) -> None:
        self._set(fact, rows, KeyStanding.REVOKED)

    def _rotated(self, fact: Fact[PublisherKeyRotated], rows: Rows) -> None:
        """Let what the old key's row says go on under the new one; the old key is retired."""
        event = fact.event
        stamp = {"changed_by": event.actor, "changed_at": event.timestamp}
        old, new = (event.publisher, event.replaced_key), (event.publisher, event.public_key)
        rows.succeed(self.trust, old, new, key_id=event.key_id, **stamp)
        rows.change(self.trust, *old, standing=KeyStanding.RETIRED.value, **stamp)

    def _set(self, fact: Fact[Any], rows: Rows, standing: KeyStanding, skills: Iterable[str] = ()) -> None:
        event: _Change = fact.event
        rows.put(
            self.trust,
            event.publisher,
            event.public_key,
            key_id=event.key_id,
            standing=standing.value,
            skills=list(skills),
            changed_by=event.actor,
            changed_at=event.timestamp,
        )


def _row(row: Mapping[Any, Any]) -> TrustRow:
    return TrustRow(**{**row, "standing": KeyStanding(row["standing"]), "skills": tuple(row["skills"])})
