"""The view of tokens: who can show what to a gateway, and whether it still counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Text, select

from palyra_events.token import LoginUsed, Role, TokenIssued, TokenKind, TokenRevoked
from projections.column import Id, Moment
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token; ``spent_at`` is when it was revoked, or used up. ``sha256`` is all that is kept of it."""

    token_id: str
    kind: TokenKind
    role: Role
    holder: str
    sha256: str
    issued_by: str
    issued_at: datetime
    expires_at: datetime | None
    spent_at: datetime | None

    def counts(self, now: datetime) -> bool:
        """Tell whether it speaks for its holder at a moment."""
        return self.spent_at is None and (self.expires_at is None or now < self.expires_at)


class TokenView(Projection):
    """All tokens."""

    name = "token"
    version = 1
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.token = self.temporal(
            "token",
            [Column("token_id", Id, nullable=False)],
            Column("kind", Id, nullable=False),
            Column("role", Id, nullable=False),
            Column("holder", Id, nullable=False),
            Column("sha256", Text, nullable=False),
            Column("issued_by", Id, nullable=False),
            Column("issued_at", Moment, nullable=False),
            Column("expires_at", Moment),
            Column("spent_at", Moment),
        )
        self.handlers = {TokenIssued: self._issued, LoginUsed: self._spent, TokenRevoked: self._spent}

    def now(
        self, connection: Connection, token_id: str | None = None, at: int | None = None
    ) -> list[TokenRow]:
        """Return one token, or all in the order in which they were issued, as they are or were."""
        row = self.token.table.c
        query = select(*(row[name] for name in TokenRow.__dataclass_fields__)).where(self.token.after(at))
        if token_id is not None:
            query = query.where(row.token_id == token_id)
        found = connection.execute(query.order_by(row.issued_at, row.token_id)).mappings()
        return [_row(each) for each in found]

    def _issued(self, fact: Fact[TokenIssued], rows: Rows) -> None:
        event = fact.event
        rows.begin(
            self.token,
            event.token_id,
            kind=event.kind.value,
            role=event.role.value,
            holder=event.holder,
            sha256=event.sha256,
            issued_by=event.actor,
            issued_at=event.timestamp,
            expires_at=event.expires_at,
            spent_at=None,
        )

    def _spent(self, fact: Fact[Any], rows: Rows) -> None:
        rows.change(self.token, fact.event.token_id, spent_at=fact.event.timestamp)


def _row(row: Mapping[Any, Any]) -> TokenRow:
    return TokenRow(**{**row, "kind": TokenKind(row["kind"]), "role": Role(row["role"])})
