"""What is kept beside the log, how much room it takes, and what a policy drops of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from palyra_events.holding import BlobKind
from palyra_events.retention import Inventory, KeepRule, KindUse, RetentionPlan
from palyra_events.store.dropping import Dropped, Progress, compact, drop_blobs
from palyra_events.store.location import locate
from palyra_events.store.snapshot import open_snapshot
from palyra_runtime.clock import Clock
from palyra_runtime.decoded import decoded

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What a policy has dropped; ``spared`` were named again after the plan was made, or gone already."""

    dropped: Dropped
    spared: int


class Retention:
    """Keeps what the policy says, and drops the rest: bytes beside the log, never events."""

    def __init__(self, url: str, rules: Mapping[BlobKind, KeepRule], now: Clock) -> None:
        self._url = url
        self._now = now
        #: the configured policy
        self.rules = rules

    def usage(self) -> Sequence[KindUse]:
        """Return how much room each kind of bytes takes.

        Raises:
            LogDamaged, UnknownEventType: an event is not what was recorded.
        """
        return self.plan({}).kinds

    def plan(
        self,
        rules: Mapping[BlobKind, KeepRule] | None = None,
        *,
        head: int | None = None,
        made_at: datetime | None = None,
    ) -> RetentionPlan:
        """Return what `run` would drop, by the configured policy or by other ``rules``.

        With the ``head`` and the moment of another plan by the same rules, it is that one again.

        Raises:
            LogDamaged, UnknownEventType: an event is not what was recorded.
            DatabaseUnavailable, DatabaseLocked, DatabaseDamaged, StorageFailed: it cannot be read.
        """
        with open_snapshot(locate(self._url)) as snapshot:
            inventory = Inventory(dict(snapshot.rows("SELECT digest, length(bytes) FROM blob")))
            for row in decoded(snapshot):
                if head is None or row.position <= head:
                    inventory.take(row.position, row.event, row.kind)
        return inventory.plan(self.rules if rules is None else rules, made_at or self._now())

    def run(
        self, plan: RetentionPlan | None = None, *, shrink: bool = False, progress: Progress | None = None
    ) -> RetentionReport:
        """Drop what a plan says, or a new one by the configured policy.

        What was recorded since the plan was made is left. With ``shrink`` the files of the database are
        written anew afterwards, and become smaller; nobody can write meanwhile.

        Raises:
            TracesLeft: somebody reads the database, so it was not made smaller.
            LogDamaged, UnknownEventType, DatabaseUnavailable, DatabaseLocked, DatabaseDamaged, DiskFull,
                StorageFailed: not all was dropped; it can be done again.
        """
        plan = self.plan() if plan is None else plan
        dropped = drop_blobs(self._url, plan.digests, plan.head, progress)
        if dropped.blobs:
            _log.info("%d blobs dropped, %d bytes", dropped.blobs, dropped.bytes)
        if shrink:
            compact(self._url)
        return RetentionReport(dropped, len(plan.digests) - dropped.blobs)
