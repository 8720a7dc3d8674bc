"""The commands on the key that signs the heads of the ledger."""

from __future__ import annotations

from palyra_events import key as keys
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent
from palyra_events.key import LedgerKey

LEDGER_KEY = Aggregate("key", LedgerKey, keys.evolve)

#: a log has one ledger
LEDGER = "ledger"


class KeyCommands(Commands):
    """Record which key signs."""

    def ledger_key(self) -> LedgerKey:
        """Return which key signs, and which ones did."""
        return self.load(LEDGER_KEY, LEDGER).state

    def rotate_ledger_key(
        self, public_key: str, replaced_key: str, endorsement: str, intent: Intent, *, is_revoked: bool
    ) -> Commit:
        """Record that another key signs from now on; the keys are in hexadecimal.

        Raises:
            ReasonRequired, KeyRevoked, IllegalTransition: see `palyra_events.key.rotate_key`.
        """
        stamp, sealed = self.stamp(intent)
        key = self.load(LEDGER_KEY, LEDGER)
        events = keys.rotate_key(
            key.state, public_key, replaced_key, endorsement, stamp, is_revoked=is_revoked
        )
        return self.commit([(key, events)], sealed)
