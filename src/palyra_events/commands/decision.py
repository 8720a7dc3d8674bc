"""The command that records a decision, and the question what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from palyra_events import decision_taken as decisions
from palyra_events.blob import Blob
from palyra_events.commands.command import ID_SIZE, Commands, Commit, Intent, Loaded
from palyra_events.decision_taken import DecisionTaken, Taken
from palyra_events.errors import LogDamaged
from palyra_events.identifiers import stream_id

#: a decision is one event, so nothing is ever folded
DECISION_KIND = "decision"


class RecordedDecision(NamedTuple):
    """A decision at its place in the log."""

    position: int
    event: DecisionTaken


class DecisionCommands(Commands):
    """Record decisions."""

    def new_decision_id(self) -> str:
        """Return an id for a decision that nobody will ask for again."""
        return self._entropy(ID_SIZE).hex()

    def decision(self, decision_id: str) -> RecordedDecision | None:
        """Return the decision of this id, None where there is none.

        Raises:
            LogDamaged: something else is in its stream.
        """
        rows = self._log.read_stream(stream_id(DECISION_KIND, decision_id))
        if not rows:
            return None
        event = self._registry.decode(rows[0].topic, rows[0].state)
        if not isinstance(event, DecisionTaken):
            raise LogDamaged(f"The stream of decision {decision_id} holds another event.")
        return RecordedDecision(rows[0].position, event)

    def record_decision(self, taken: Taken, intent: Intent, blobs: Sequence[Blob] = ()) -> Commit:
        """Record a decision, durably.

        Raises:
            StaleVersion: one of this id is recorded already.
        """
        stamp, sealed = self.stamp(intent)
        loaded = Loaded(stream_id(DECISION_KIND, taken.decision_id), 0, taken)
        return self.commit([(loaded, decisions.take_decision(taken, stamp))], [*sealed, *blobs])
