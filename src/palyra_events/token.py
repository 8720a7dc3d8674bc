"""Tokens: what programs and browsers show to a gateway, and what whoever has one may do.

The log never holds a token, only the SHA-256 of it: 256 random bits need no salt and no slow hash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from palyra_events.blob import HexDigest
from palyra_events.errors import IllegalTransition, InvalidIdentifier, UnknownToken
from palyra_events.event import Event, Stamp, Timestamp
from palyra_events.identifiers import Actor, Identifier

#: what the actors are called that a token can speak for: nobody acts as a plugin, or as a part of Palyra
_PEOPLE = "operator:"


class Role(StrEnum):
    """What somebody may do; each role may do what the ones before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Tell whether whoever has this role may do what another one is needed for."""
        roles = list(Role)
        return roles.index(self) >= roles.index(needed)


class TokenKind(StrEnum):
    """What a token is for.

    A ``bearer`` token is shown with each request of a program. A ``login`` is shown once, by a browser,
    which gets a ``session`` for it.
    """

    BEARER = "bearer"
    LOGIN = "login"
    SESSION = "session"


class TokenIssued(Event):
    """Somebody has a token that speaks for ``holder``, until it expires or is revoked."""

    token_id: Identifier
    kind: TokenKind
    role: Role
    holder: Actor
    sha256: HexDigest
    expires_at: Timestamp | None = None


class LoginUsed(Event):
    """A browser has shown a login, which nobody can show again; it got the session for it."""

    token_id: Identifier
    session_id: Identifier


class TokenRevoked(Event):
    """The token speaks for nobody any more."""

    token_id: Identifier


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What is settled when a token is made."""

    kind: TokenKind
    role: Role
    holder: str
    sha256: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its events tell it; without facts there is none."""

    token_id: str
    facts: TokenFacts | None = None
    is_spent: bool = False


def evolve(token: Token, event: Event) -> Token:
    """Return the token after ``event``."""
    if isinstance(event, TokenIssued):
        facts = TokenFacts(event.kind, event.role, event.holder, event.sha256, event.expires_at)
        return replace(token, facts=facts)
    if isinstance(event, TokenRevoked | LoginUsed):
        return replace(token, is_spent=True)
    return token


def issue_token(token: Token, facts: TokenFacts, stamp: Stamp) -> list[Event]:
    """Record that somebody has a token. Each has an id of its own, so it is issued once.

    Raises:
        InvalidIdentifier: it would speak for a plugin, or for a part of Palyra.
    """
    if not facts.holder.startswith(_PEOPLE):
        raise InvalidIdentifier(f"A token speaks for people, not for {facts.holder[:160]}.")
    return [
        stamp.on(
            TokenIssued,
            token_id=token.token_id,
            kind=facts.kind,
            role=facts.role,
            holder=facts.holder,
            sha256=facts.sha256,
            expires_at=facts.expires_at,
        )
    ]


def use_login(token: Token, session_id: str, stamp: Stamp) -> list[Event]:
    """Record that a login was shown.

    Raises:
        IllegalTransition: it was shown before, was revoked, or is none.
    """
    if token.facts is None or token.facts.kind is not TokenKind.LOGIN or token.is_spent:
        raise IllegalTransition(f"Token {token.token_id} is no login that can be used.")
    return [stamp.on(LoginUsed, token_id=token.token_id, session_id=session_id)]


def revoke_token(token: Token, stamp: Stamp) -> list[Event]:
    """Record that a token speaks for nobody any more.

    Raises:
        UnknownToken: it was never issued.
        IllegalTransition: it is spent already.
    """
    if token.facts is None:
        raise UnknownToken(f"There is no token {token.token_id}.", token_id=token.token_id)
    if token.is_spent:
        raise IllegalTransition(f"Token {token.token_id} is spent already.", token_id=token.token_id)
    return [stamp.on(TokenRevoked, token_id=token.token_id)]
