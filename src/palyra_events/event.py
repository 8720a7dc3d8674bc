"""What all events have in common: who, when, why, and what led to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from palyra_events.blob import SealedRef
from palyra_events.errors import InvalidInput
from palyra_events.identifiers import Actor


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the moment is outside the years 1 to 9999 in UTC") from error


Timestamp = Annotated[AwareDatetime, AfterValidator(_in_utc)]
TraceId = Annotated[str, StringConstraints(min_length=1, max_length=160)]


class Event(BaseModel):
    """A fact. It is named in the past tense and never changes once it is in the log.

    ``correlation_id`` is equal in everything that one command set off; ``causation_id`` names the
    event (``position:N``) that this one answers, and is absent where a person acted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    timestamp: Timestamp
    actor: Actor
    reason: SealedRef | None = None
    correlation_id: TraceId
    causation_id: TraceId | None = None


EventT = TypeVar("EventT", bound=Event)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who acts, when, why and because of what: the part of an event that no rule decides.

    Rules take it as an argument, so that they need no clock and no randomness.
    """

    timestamp: datetime
    actor: str
    correlation_id: str
    causation_id: str | None = None
    reason: SealedRef | None = None

    def on(self, event: type[EventT], **facts: object) -> EventT:
        """Return an event of this type with these facts, signed by this stamp.

        Raises:
            InvalidInput: a fact does not have the form that the event asks for.
        """
        envelope = {
            "timestamp": self.timestamp,
            "actor": self.actor,
            "correlation_id": self.correlation_id,
            "causation_id": self.causation_id,
            "reason": self.reason,
        }
        try:
            return event.model_validate({**envelope, **facts})
        except ValidationError as error:
            raise _ill_formed(event, error) from error


def _ill_formed(event: type[Event], error: ValidationError) -> InvalidInput:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return InvalidInput(
        f"{event.__name__} is not well-formed: {place}: {first['msg']}.", event=event.__name__, place=place
    )
