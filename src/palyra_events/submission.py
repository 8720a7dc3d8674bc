"""A form that somebody filled in and sent off: the way back from a surface to its plugin.

It is one event, in a stream of its own, recorded once the values are known to fit the form. The
scheduler makes one delivery of it, to the plugin that the surface belonged to.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, NamedTuple

from pydantic import Field, StringConstraints

from palyra_events.blob import SealedRef
from palyra_events.errors import Conflict, InvalidInput
from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Identifier

#: characters of a key by which a client knows its own submission again
KEY_LENGTH_MAX = 256

SubmissionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
ComponentId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:_-]{1,64}$")]


class InvalidIdempotencyKey(InvalidInput):
    """The key of a submission is blank or too long."""

    code = "INVALID_IDEMPOTENCY_KEY"
    advice = "Give 1 to 256 characters that are the same whenever the same form is sent again."


class IdempotencyKeyReused(Conflict):
    """Another form was sent off under this key."""

    code = "IDEMPOTENCY_KEY_REUSED"
    advice = "Give each form that somebody sends off a key of its own."


class FormSubmitted(Event):
    """Somebody filled in a form of a surface, and the values fit it.

    ``version`` is that of the surface as it was when they were held against the form. They are JSON, sealed
    like a reason: they lie beside the log, belong to the actor, and can be erased.
    """

    submission_id: SubmissionId
    surface: Identifier
    version: Annotated[int, Field(ge=1, lt=2**63)]
    plugin_id: Identifier
    component_id: ComponentId
    values: SealedRef


class Submission(NamedTuple):
    """A form that is to be sent off; ``plugin_id`` owns the surface."""

    submission_id: str
    surface: str
    version: int
    plugin_id: str
    component_id: str
    values: SealedRef


def submission_id_of(surface: str, key: str) -> str:
    """Return the id of the submission to a surface that a client knows by ``key``.

    Raises:
        InvalidIdempotencyKey: the key is blank, longer than `KEY_LENGTH_MAX` characters, or no Unicode.
    """
    if not key.strip() or len(key) > KEY_LENGTH_MAX:
        raise InvalidIdempotencyKey(f"The key of a submission has 1 to {KEY_LENGTH_MAX} characters.")
    try:
        return hashlib.sha256(f"{surface}\0{key}".encode()).hexdigest()[:32]
    except UnicodeEncodeError as error:
        raise InvalidIdempotencyKey("The key of a submission is valid Unicode.") from error


def submit_form(submission: Submission, stamp: Stamp) -> list[Event]:
    """Record a form that was sent off."""
    return [stamp.on(FormSubmitted, **submission._asdict())]
