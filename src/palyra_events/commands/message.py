"""The commands of outbox and operators on messages."""

from __future__ import annotations

from palyra_events import message as messages
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent, Loaded
from palyra_events.message import Message

MESSAGE = Aggregate("message", Message, messages.evolve)


class MessageCommands(Commands):
    """Record how sending a message went, and change its course."""

    def message(self, message_id: str, as_of: int | None = None) -> Loaded[Message]:
        """Return a message, as of a position or as it is, and the version that its next try comes after."""
        return self.load(MESSAGE, message_id, as_of)

    def record_sent(self, message: Loaded[Message], channel: str, intent: Intent) -> Commit:
        """Record that a message was taken by its receiver, at the version that was read.

        Raises:
            StaleVersion: somebody recorded a try at the same time.
        """
        stamp, sealed = self.stamp(intent)
        return self.commit([(message, messages.record_sent(message.state, channel, stamp))], sealed)

    def record_unsent(
        self, message: Loaded[Message], channel: str, outcome: str, error: str, intent: Intent
    ) -> Commit:
        """Record that a try to send a message failed, and when it is made again.

        Raises:
            StaleVersion: somebody recorded a try at the same time.
        """
        stamp, sealed = self.stamp(intent)
        events = messages.record_failure(message.state, channel, outcome, error, stamp)
        return self.commit([(message, events)], sealed)

    def requeue_message(self, message: Loaded[Message], intent: Intent) -> Commit:
        """Have a message tried again at once.

        Raises:
            IllegalTransition: no try of it failed, or nothing can come any more.
            StaleVersion: somebody recorded a try at the same time.
        """
        stamp, sealed = self.stamp(intent)
        return self.commit([(message, messages.requeue_message(message.state, stamp))], sealed)

    def discard_message(self, message: Loaded[Message], intent: Intent) -> Commit:
        """Put a message away that is not sent.

        Raises:
            IllegalTransition: it was sent, or discarded before.
            ReasonRequired: the intent has no reason.
            StaleVersion: somebody recorded a try at the same time.
        """
        stamp, sealed = self.stamp(intent)
        return self.commit([(message, messages.discard_message(message.state, stamp))], sealed)
