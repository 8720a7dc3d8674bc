from __future__ import annotations

from pathlib import Path

from palyra_events.holding import InUse, holdings, told_of
from palyra_events.store import EventLog
from palyra_events.store.location import locate
from palyra_events.store.snapshot import open_snapshot
from palyra_runtime.decoded import decoded
from tests.journal import Journal
from tests.sample_events import SAMPLES

EVENTS = [sample.full for sample in SAMPLES]


def test_what_is_read_fast_names_the_same_bytes(tmp_path: Path):
    """Retention and erasure see in the structs what the events say, of every type."""
    with EventLog.open(f"sqlite:///{tmp_path / 'log.db'}") as log:
        Journal(log).append(EVENTS)
        with open_snapshot(locate(log.url)) as snapshot:
            rows = list(decoded(snapshot))

    assert [(row.position, row.kind) for row in rows] == list(enumerate(map(type, EVENTS), 1))
    assert [list(holdings(row.event, row.kind)) for row in rows] == [list(holdings(e)) for e in EVENTS]
    assert [told_of(row.event, row.kind) for row in rows] == [told_of(event) for event in EVENTS]
    slow, fast = InUse(), InUse()
    for row, event in zip(rows, EVENTS, strict=True):
        slow.take(row.position, event)
        fast.take(row.position, row.event, row.kind)
    assert fast.digests() == slow.digests() != frozenset()
