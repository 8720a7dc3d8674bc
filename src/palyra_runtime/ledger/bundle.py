"""Proof bundles: one event, the way from it to a signed tree head, and that head, in one JSON file.

The file is all that ``verify_proof.py`` needs, which knows nothing of this package.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from palyra_events.errors import LogDamaged, PalyraError
from palyra_events.ledger import inclusion_proof, is_included
from palyra_events.ledger.leaf import RawRow
from palyra_events.store import EventLog
from palyra_runtime.ledger.errors import LedgerForked, UnknownCheckpoint
from palyra_runtime.ledger.leaves import subtree
from palyra_runtime.ledger.trust import SignedCheckpoint

FORMAT: Literal["palyra-proof/v1"] = "palyra-proof/v1"

#: rows of one question
_PAGE = 500

_Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$")]


class ProvedEvent(BaseModel):
    """A row of the log; its stream id is 32 hexadecimal digits, its bytes are in base64."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: Annotated[int, Field(ge=1)]
    stream_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    version: Annotated[int, Field(ge=1)]
    topic: str
    state: _Base64


class ProofBundle(BaseModel):
    """An event with its proof. ``verifier_key`` is a hint: who checks the bundle must know the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["palyra-proof/v1"] = FORMAT
    event: ProvedEvent
    inclusion_proof: tuple[_Base64, ...]
    checkpoint: str
    verifier_key: str


class EventNotProvable(LedgerForked):
    """The event is not the one that was signed."""

    code = "EVENT_NOT_PROVABLE"


def prove(log: EventLog, position: int, signed: SignedCheckpoint) -> ProofBundle:
    """Return the proof that an event is among those that were signed.

    Raises:
        UnknownCheckpoint: the checkpoint does not cover the position.
        EventNotProvable: the log holds something else than what was signed.
    """
    size = signed.checkpoint.size
    if not 0 < position <= size:
        raise UnknownCheckpoint(f"No checkpoint covers the position {position} yet.", position=position)
    row = next(iter(log.evidence.rows(position, position, 1)), None)
    if row is None:
        raise EventNotProvable(f"The event at position {position} is missing.", position=position)
    try:
        proof = inclusion_proof(position - 1, size, lambda start, end: subtree(log.evidence, start, end))
    except PalyraError as error:
        raise EventNotProvable(f"There is no proof: {error.message}", position=position) from error
    leaf = row.hash_at(position)
    if leaf is None or not is_included(leaf, position - 1, size, proof, signed.checkpoint.root):
        raise EventNotProvable(
            f"The event at position {position}, or one beside it, is not the one that was signed.",
            position=position,
        )
    return ProofBundle(
        event=_event(row),
        inclusion_proof=tuple(_text(node) for node in proof),
        checkpoint=signed.note.decode(),
        verifier_key=str(signed.key),
    )


def rows_for_export(log: EventLog, after: int, last: int) -> Iterator[Mapping[str, object]]:
    """Yield rows as `ProvedEvent` has them, as plain JSON objects.

    Raises:
        LogDamaged: a row is missing, or is not the one that its hash was made of.
    """
    place = after + 1
    while place <= last:
        page = log.evidence.rows(place, last, _PAGE)
        for row in page:
            if row.position != place or not row.is_whole:
                break
            yield _event(row).model_dump(mode="json")
            place += 1
        if not page or place != page[-1].position + 1:
            raise LogDamaged(f"The event at position {place} is not what was recorded.", position=place)


def _event(row: RawRow) -> ProvedEvent:
    return ProvedEvent(
        position=row.position,
        stream_id=row.stream_id.hex(),
        version=row.version,
        topic=row.topic.decode(),
        state=_text(row.state),
    )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
