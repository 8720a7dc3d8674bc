"""The Merkle tree over the log: what proves that nobody edited it."""

from palyra_events.ledger.leaf import leaf_hash

__all__ = ["leaf_hash"]
