"""The outbox: sends the messages of recorded outcomes, and records how each try went."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from palyra_events.application import Application, Commit, Intent, Loaded
from palyra_events.errors import StaleVersion, UnknownBlob
from palyra_events.message import Message, MessageState, evolve
from palyra_events.store import EventLog
from palyra_runtime.dispatch.sender import Outgoing, Sender, SendFailed
from projections import MessageRow, Views

OUTBOX = "system:outbox"

#: messages that are looked up at once
_PAGE_SIZE = 100

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutboxReport:
    """What became of the messages that were due; ``waiting`` are those for which a try is to come.

    A message to a channel without a sender waits as well, without a try.
    """

    sent: int
    retrying: int
    dead: int
    waiting: int


class Outbox:
    """Sends messages one after the other. Hold the dispatcher role.

    The record of a try is made after it. A process that dies in between has sent a message that the
    log calls unsent, so the next one sends it again, under the same idempotency key.
    """

    def __init__(
        self,
        *,
        log: EventLog,
        application: Application,
        views: Views,
        senders: Mapping[str, Sender],
        now: Callable[[], datetime],
    ) -> None:
        self._log = log
        self._application = application
        self._views = views
        self._senders = senders
        self._now = now

    def next_try_at(self) -> datetime | None:
        """Return when the next message is due that is not due now."""
        return self._views.as_is.next_message_at(self._senders.keys(), self._now())

    def has_due(self, until: int, moment: datetime) -> bool:
        """Say whether a message of an outcome up to a position is due at a moment."""
        due = self._views.due_messages(self._senders.keys(), moment, 1)
        return any(row.position <= until for row in due)

    def waiting(self) -> int:
        """Return how many messages a try is still to come for."""
        return self._views.waiting_messages()

    def send_due(self, goes_on: Callable[[], bool] = lambda: True) -> OutboxReport:
        """Try once to send each message that is due, in the order in which they were recorded.

        Before each it asks whether it is to go on.
        """
        ended = Counter[MessageState]()
        # A try that fails is due again later than at this moment, so each pass has fewer to do.
        moment = self._now()
        while due := self._views.due_messages(self._senders.keys(), moment, _PAGE_SIZE):
            for row in due:
                if not goes_on():
                    return self._report(ended)
                ended[self._try(row)] += 1
        return self._report(ended)

    def _report(self, ended: Counter[MessageState]) -> OutboxReport:
        return OutboxReport(
            sent=ended[MessageState.SENT],
            retrying=ended[MessageState.RETRYING],
            dead=ended[MessageState.DEAD],
            waiting=self.waiting(),
        )

    def _try(self, row: MessageRow) -> MessageState:
        message = self._application.message(row.message_id)
        try:
            commit = self._send(row, message)
        except StaleVersion:
            _log.warning("a try to send %s was recorded by another process", row.message_id)
            return self._application.message(row.message_id).state.state
        return evolve(message.state, commit.events[0]).state

    def _send(self, row: MessageRow, message: Loaded[Message]) -> Commit:
        intent = Intent(OUTBOX, correlation_id=row.correlation_id, causation_id=f"position:{row.position}")
        try:
            self._senders[row.channel].send(self._outgoing(row))
        except SendFailed as failed:
            return self._application.record_unsent(
                message, row.channel, failed.outcome, failed.message, intent
            )
        return self._application.record_sent(message, row.channel, intent)

    def _outgoing(self, row: MessageRow) -> Outgoing:
        try:
            content = row.blob.check(self._log.blob(row.blob.digest))
        except UnknownBlob as error:
            raise SendFailed("erased", "The bytes of the message were erased.") from error
        return Outgoing(
            message_id=row.message_id,
            idempotency_key=f"{self._log.log_id.hex}.{row.message_id}",
            channel=row.channel,
            plugin_id=row.plugin_id,
            message=json.loads(content),
        )
