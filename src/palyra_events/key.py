"""The key that signs the heads of the ledger: which one it is, and which ones it was."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import StringConstraints

from palyra_events.blob import HexDigest
from palyra_events.errors import IllegalTransition, KeyRevoked, ReasonRequired
from palyra_events.event import Event, Stamp

Endorsement = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


class KeyRotated(Event):
    """The heads of the ledger are signed with another key from now on.

    What the old key has signed stays good. Where it ``is_revoked``, because somebody else may have
    it, nothing counts that it signed over more events than there were before this one. The
    ``endorsement`` is the old key's signature over the new one.
    """

    public_key: HexDigest
    replaced_key: HexDigest
    is_revoked: bool = False
    endorsement: Endorsement


@dataclass(frozen=True, slots=True)
class LedgerKey:
    """The key as its events tell it; without events it is the one that was made first."""

    ledger: str
    public_key: str | None = None
    replaced: tuple[str, ...] = field(default=())
    revoked: tuple[str, ...] = field(default=())


def rotation_statement(public_key: str) -> bytes:
    """Return what an old key signs to endorse a new one."""
    return f"palyra ledger key rotation v1\n{public_key}\n".encode()


def evolve(key: LedgerKey, event: Event) -> LedgerKey:
    """Return the key after ``event``."""
    if not isinstance(event, KeyRotated):
        return key
    revoked = (*key.revoked, event.replaced_key) if event.is_revoked else key.revoked
    return replace(
        key, public_key=event.public_key, replaced=(*key.replaced, event.replaced_key), revoked=revoked
    )


def rotate_key(  # noqa: PLR0913 - the facts of one step
    key: LedgerKey, public_key: str, replaced_key: str, endorsement: str, stamp: Stamp, *, is_revoked: bool
) -> list[Event]:
    """Record that another key signs from now on.

    Raises:
        ReasonRequired: a key is to be revoked, and nobody says why.
        KeyRevoked: the new key was revoked.
        IllegalTransition: the old key is not the one in use, or the new one was in use before.
    """
    if is_revoked and stamp.reason is None:
        raise ReasonRequired("Say why the key is revoked: what it signs from now on counts for nothing.")
    if public_key in key.revoked:
        raise KeyRevoked(f"The key {public_key[:16]} was revoked.", public_key=public_key)
    if key.public_key not in {None, replaced_key}:
        raise IllegalTransition(
            f"The key {replaced_key[:16]} is not the one in use.", replaced_key=replaced_key
        )
    if public_key in {replaced_key, *key.replaced}:
        raise IllegalTransition(f"The key {public_key[:16]} was in use before.", public_key=public_key)
    facts = {"public_key": public_key, "replaced_key": replaced_key, "endorsement": endorsement}
    return [stamp.on(KeyRotated, **facts, is_revoked=is_revoked)]
