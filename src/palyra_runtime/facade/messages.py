"""What an operator does with the messages of plugins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from palyra_events.application import Application, Intent, Loaded
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import ChannelMessage
from palyra_events.errors import NotFound
from palyra_events.event import Event
from palyra_events.identifiers import normalize_identifier
from palyra_events.message import Message, MessageFailed, MessageState
from palyra_events.registry import REGISTRY, Registry
from palyra_events.store import EventLog
from palyra_events.store.log import POSITION_MAX
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.blobs import kept_bytes, kept_text
from palyra_runtime.facade.page import check_page
from projections import MessageRow, Point, Views
from projections.summary import summarize


class UnknownMessage(NotFound):
    """No plugin sent such a message."""

    code = "UNKNOWN_MESSAGE"
    advice = "List the messages that are not sent with: palyra outbox list"


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """One event of a message, in words: a try, or what somebody did.

    ``error`` is what the sender said of a try that failed; ``reason`` is what a person gave.
    """

    position: int
    timestamp: datetime
    actor: str
    summary: str
    error: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class MessageDetail:
    """One message, with what happened to it. Where it was erased, ``content`` is None."""

    message_id: str
    state: MessageState
    position: int
    plugin_id: str
    channel: str
    sha256: str
    size: int
    created_at: datetime
    attempts: int
    retry_at: datetime | None
    content: Any
    is_erased: bool
    history: tuple[MessageEvent, ...]


class Messages:
    """Look at messages, and change their course: those that wait, those given up, those sent."""

    def __init__(
        self,
        *,
        log: EventLog,
        application: Application,
        views: Views,
        actor: str,
        registry: Registry = REGISTRY,
    ) -> None:
        self._log = log
        self._application = application
        self._views = views
        self._actor = actor
        self._registry = registry

    def list(  # noqa: PLR0913 - the filters of a listing
        self,
        *,
        state: MessageState | None = None,
        channel: str | None = None,
        plugin: str | None = None,
        after: tuple[int, int] = (0, 0),
        limit: int = 100,
        at: Point | None = None,
    ) -> Sequence[MessageRow]:
        """Return messages that are not sent, in the order of sending, at most ``limit`` after a place.

        The place is the ``position`` and ``place`` of a row. With ``at``, a position or moment, those that
        were not sent then.

        Raises:
            InvalidIdentifier: this cannot be the name of a plugin.
            UnknownEvent: the log is not that long.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after[0], limit)
        check_page(after[1], limit)
        plugin_id = None if plugin is None else normalize_identifier(plugin, "plugin")
        return self._views.messages(
            state=state, channel=channel, plugin_id=plugin_id, after=after, limit=limit, at=at
        )

    def show(self, message_id: str, *, at: Point | None = None) -> MessageDetail:
        """Return one message, also one that was sent or discarded; with ``at``, as it was then.

        Raises:
            UnknownMessage: there is none of this id, or was.
            UnknownEvent: the log is not that long.
        """
        position, outcome, sent = self._origin(message_id)
        until = None if at is None else self._views.position_at(at)
        if until is not None and position > until:
            raise UnknownMessage(f"There was no message {message_id} yet.", message_id=message_id)
        message = self._application.message(message_id, until)
        content = kept_bytes(self._log, sent.message.sha256)
        return MessageDetail(
            message_id=message_id,
            state=message.state.state,
            position=position,
            plugin_id=outcome.invocation.plugin_id,
            channel=sent.channel,
            sha256=sent.message.sha256,
            size=sent.message.size,
            created_at=outcome.timestamp,
            attempts=message.state.attempts,
            retry_at=message.state.retry_at,
            content=None if content is None else json.loads(content),
            is_erased=content is None,
            history=self._history(message),
        )

    def retry(self, message_id: str, *, reason: str | None = None) -> MessageDetail:
        """Have a message tried again at once, whose tries failed.

        Raises:
            UnknownMessage, IllegalTransition, StaleVersion: nothing was changed.
        """
        self._application.requeue_message(self._message(message_id), Intent(self._actor, reason))
        return self.show(message_id)

    def discard(self, message_id: str, *, reason: str) -> MessageDetail:
        """Put a message away that is not sent.

        Raises:
            UnknownMessage, IllegalTransition, ReasonRequired, StaleVersion: nothing was changed.
        """
        self._application.discard_message(self._message(message_id), Intent(self._actor, reason))
        return self.show(message_id)

    def _message(self, message_id: str) -> Loaded[Message]:
        self._origin(message_id)
        return self._application.message(message_id)

    def _origin(self, message_id: str) -> tuple[int, AttemptSucceeded | PluginInvoked, ChannelMessage]:
        """Return the outcome that a message is part of, with its position."""
        number, _, place = message_id.partition(".")
        if number.isascii() and number.isdigit() and place.isascii() and place.isdigit():
            position = int(number)
            event = self._event(position)
            if isinstance(event, AttemptSucceeded | PluginInvoked):
                messages = event.effects.messages
                if int(place) < len(messages) and f"{position}.{int(place)}" == message_id:
                    return position, event, messages[int(place)]
        raise UnknownMessage(f"There is no message {message_id[:80]!r}.", message_id=message_id[:80])

    def _event(self, position: int) -> Event | None:
        rows = self._log.read(position - 1, 1) if 0 < position <= POSITION_MAX else []
        return self._registry.decode(rows[0].topic, rows[0].state) if rows else None

    def _history(self, message: Loaded[Message]) -> tuple[MessageEvent, ...]:
        rows = self._log.read_stream(message.stream_id, until_version=message.version)
        events = [(row.position, self._registry.decode(row.topic, row.state)) for row in rows]
        return tuple(
            MessageEvent(
                position,
                event.timestamp,
                event.actor,
                summarize(event).text,
                event.error if isinstance(event, MessageFailed) else None,
                kept_text(self._log, event.reason),
            )
            for position, event in events
        )
