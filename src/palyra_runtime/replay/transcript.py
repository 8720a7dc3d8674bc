"""The host of a replay: it has the answers of the recorded run, and does nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from palyra_events.errors import LogDamaged
from palyra_runtime.sandbox import Exchange, HostCall

#: to a request that the recorded run did not make at this place
UNANSWERED = b'{"error":{"code":"unavailable","message":"The recorded run did not ask this."}}'


class TranscriptBroker:
    """Answers from a transcript, call by call, for as long as the guest asks what it asked then.

    ``departure`` is the number of the first call, from 0, that is not the recorded one; from there on
    nobody knows what the world would have said.
    """

    def __init__(self, recorded: Sequence[Exchange]) -> None:
        self._recorded = recorded
        self.departure: int | None = None

    def answer(self, call: HostCall) -> bytes:
        """Return the recorded answer, or say that there is none."""
        if self.departure is None:
            known = self._recorded[call.index] if call.index < len(self._recorded) else None
            if known is not None and known.request == call.request:
                return known.answer
            self.departure = call.index
        return UNANSWERED


def parse_transcript(content: bytes) -> tuple[Exchange, ...]:
    """Return host calls as they were made, from the bytes that are kept of them.

    Raises:
        LogDamaged: they are no transcript.
    """
    try:
        calls = json.loads(content)
        return tuple(Exchange(_bytes(call["request"]), _bytes(call["answer"])) for call in calls)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LogDamaged("The bytes kept as a transcript are none.") from error


def _bytes(text: Any) -> bytes:
    """Return what was said; what is no text is kept in hexadecimal."""
    return bytes.fromhex(text["hex"]) if isinstance(text, dict) else text.encode()
