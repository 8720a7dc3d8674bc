"""How much a guest may still ask its host, counted the same on both sides of a pipe."""

from __future__ import annotations

#: said by the sandbox itself, so that every broker and every replay says the same
LIMIT_ANSWER = b'{"error":{"code":"limit","message":"This invocation has no host calls left."}}'
LATE_ANSWER = b'{"error":{"code":"deadline","message":"This invocation has no time left."}}'
_ANSWER_BYTES_MIN = max(len(LIMIT_ANSWER), len(LATE_ANSWER))


class CallAllowance:
    """The calls of one invocation and the bytes of its transcript."""

    __slots__ = ("_bytes_left", "_calls_left")

    def __init__(self, calls: int, transcript_bytes: int) -> None:
        self._calls_left = calls
        self._bytes_left = transcript_bytes

    def room(self, request: bytes) -> int | None:
        """Return the most bytes that the answer may have, or None where the call is not to be made."""
        room = self._bytes_left - len(request)
        return room if self._calls_left > 0 and room >= _ANSWER_BYTES_MIN else None

    def take(self, request: bytes, answer: bytes) -> None:
        """Count one call."""
        self._calls_left -= 1
        self._bytes_left -= len(request) + len(answer)
