"""The commands of the outbox on messages."""

from __future__ import annotations

from palyra_events import message as messages
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent, Loaded
from palyra_events.message import Message

MESSAGE = Aggregate("message", Message, messages.evolve)


class MessageCommands(Commands):
    """Record how sending a message went."""

    def message(self, message_id: str) -> Loaded[Message]:
        """Return a message, and the version at which the record of its next try is expected."""
        return self.load(MESSAGE, message_id)

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
