"""The log of a gateway, with what the facade reads of it page by page, and what is checked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from palyra_events.registry import REGISTRY
from palyra_runtime.api.proofs import SignedRows
from palyra_runtime.api.remote_noun import RemoteNoun
from palyra_runtime.api.request import PAGE_SIZE, Request
from palyra_runtime.facade import EventDetail, Events, Ledger
from palyra_runtime.facade.cloud_event import cloud_event
from palyra_runtime.facade.ledger import note_bytes
from palyra_runtime.ledger import VerifyReport
from projections import Point


class RemoteEvents(RemoteNoun):
    """The log as people look at it."""

    _log_id: UUID | None = None

    def newest(self, limit: int = 100, *, at: Point | None = None) -> Sequence[EventDetail]:
        """Return the newest events, the oldest of them first; see `Events.newest`."""
        if limit <= PAGE_SIZE:
            rows: Sequence[EventDetail] = self._called(Events.newest, limit, at=at)
            return rows
        newest = self.newest(1, at=at)
        end = newest[-1].position if newest else 0
        page: Sequence[EventDetail] = self.list(
            after=max(0, end - limit), limit=min(limit, end), at=end or None
        )
        return page

    def export(self, *, after: int = 0, until: int | None = None) -> Iterator[EventDetail]:
        """Yield the events up to a position, or up to the end as it is now; see `Events.export`."""
        head = self.identity().head
        end = head if until is None else min(head, until)
        while after < end:
            page = self.list(after=after, limit=min(PAGE_SIZE, end - after))
            yield from page
            after = page[-1].position

    def cloud_event(self, detail: EventDetail) -> dict[str, Any]:
        """Return an event in the form of CloudEvents 1.0; see `Events.cloud_event`."""
        self._log_id = self._log_id or self.identity().log_id
        return cloud_event(detail, self._log_id, REGISTRY.topics[type(detail.event)])


class RemoteLedger(RemoteNoun):
    """What proves the log; the files that are named lie here."""

    def verify(self, *, since: Path | None = None, **others: Any) -> VerifyReport:
        """Read the log again and say what is wrong with it; see `Ledger.verify`."""
        note = None if since is None else note_bytes(since).decode(errors="replace")
        report: VerifyReport = self._called(Ledger.verify, since=note, **others)
        return report

    def covered_by(self, checkpoint: Path) -> int:
        """Return the position up to which a checkpoint vouches for the log; see `Ledger.covered_by`."""
        position: int = self._called(Ledger.covered_by, note_bytes(checkpoint).decode(errors="replace"))
        return position

    def export(self, after: int = 0) -> Iterator[Mapping[str, object]]:
        """Yield the signed rows after a position, and last the checkpoint; see `Ledger.export`."""
        checkpoint: Mapping[str, object] | None = None
        while checkpoint is None:
            page = Request(self._client, self._operation("export"), {"after": after}).answer(SignedRows)
            yield from page.rows
            checkpoint = page.checkpoint
            after += len(page.rows)
        yield checkpoint
