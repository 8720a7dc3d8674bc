"""Ways out of the host for messages, and the plain ones: to people at the console, and to the log."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from palyra_runtime.sandbox.text import plain_text

#: version of the document that receivers get
MESSAGE_SCHEMA = 1

_log = logging.getLogger("palyra.channel")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way out.

    ``idempotency_key`` is the same at every try of a message and different for all others, also for
    those of other logs: a receiver that remembers it takes each message once.
    """

    message_id: str
    idempotency_key: str
    channel: str
    plugin_id: str
    message: Any

    def document(self) -> bytes:
        """Return the message as receivers get it: a JSON document."""
        document = {
            "schema": MESSAGE_SCHEMA,
            "message_id": self.message_id,
            "channel": self.channel,
            "plugin_id": self.plugin_id,
            "message": self.message,
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class SendFailed(Exception):
    """A receiver did not take a message; ``outcome`` is the code that is recorded."""

    def __init__(self, outcome: str, message: str) -> None:
        self.outcome = outcome
        self.message = message
        super().__init__(message)


class Sender(Protocol):
    """Whoever brings messages to one channel."""

    def send(self, outgoing: Outgoing) -> None:
        """Bring a message to its receiver.

        Raises:
            SendFailed: it did not take it, or nobody knows whether it did.
        """


class ConsoleSender:
    """Writes a line for each message."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, outgoing: Outgoing) -> None:
        """Write the message, made harmless: a plugin must not speak to the terminal itself."""
        text = plain_text(json.dumps(outgoing.message, ensure_ascii=False))
        try:
            self._stream.write(f"{outgoing.channel}: {text} (from {outgoing.plugin_id})\n")
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise SendFailed("console", "The console cannot be written to.") from error


class LogSender:
    """Hands each message to Python's logging, as the logger ``palyra.channel``."""

    def send(self, outgoing: Outgoing) -> None:
        """Log the message as JSON in ASCII: no log viewer reads commands out of it."""
        text = json.dumps(outgoing.message)
        _log.info("%s %s from %s: %s", outgoing.channel, outgoing.message_id, outgoing.plugin_id, text)
