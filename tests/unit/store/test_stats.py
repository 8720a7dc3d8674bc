"""What the store says about its size."""

from __future__ import annotations

import pytest

from palyra_events.blob import keep
from palyra_events.record import NewEvent
from palyra_events.store import EventLog
from palyra_events.store.stats import BlobSize, DaySize, TopicSize, measure
from tests.new_events import new_events, stream

ARTIFACT, ARTIFACT_BLOB = keep(b"a" * 1000)
OUTPUT, OUTPUT_BLOB = keep(b"o" * 300)


def event(version: int, day: str, text: str = "") -> NewEvent:
    """Return an event of a day."""
    return NewEvent(stream(9), version, "Told@1", f'{{"timestamp":"{day}T09:00:00Z"{text}}}'.encode())


@pytest.fixture
def measured(log: EventLog):
    """The sizes of a log with five events on two days, of which one names an artifact."""
    naming = (
        f',"artifact":{{"sha256":"{ARTIFACT.sha256}","size":1000}},"output":{{"sha256":"{OUTPUT.sha256}"}}'
    )
    told = [event(1, "2026-01-30"), event(2, "2026-01-31"), event(3, "2026-01-31", naming)]
    log.append([*new_events(2), *told], blobs=[ARTIFACT_BLOB, OUTPUT_BLOB])
    return measure(log.url)


def test_events_are_counted_by_type(measured):
    """With the bytes that they say it with, the most first."""
    assert [topic.topic for topic in measured.topics] == ["Told@1", "SkillEnabled@1"]
    assert measured.topics[1] == TopicSize("SkillEnabled@1", 2, len(b'{"n":1}') * 2)
    assert measured.head == 5


def test_growth_is_told_by_day(measured):
    """An event without a time, which we did not write, has no day."""
    assert [(day.day, day.events) for day in measured.days] == [("2026-01-30", 1), ("2026-01-31", 2)]
    assert measured.days[0] == DaySize("2026-01-30", 1, len(event(1, "2026-01-30").state))


def test_what_is_still_needed_is_not_erasable(measured):
    """An artifact is; what a plugin once said is not."""
    assert measured.blobs == BlobSize(blobs=2, bytes=1300, erasable=1, erasable_bytes=300)


def test_tables_are_measured_on_disk(measured):
    """Those of the log are told apart from what follows from them."""
    sizes = {table.name: table.bytes for table in measured.tables if table.is_log}

    assert {"meta", "event", "tracking", "blob", "checkpoint"} <= sizes.keys()
    assert min(sizes.values()) > 0
    assert measured.view_bytes == 0


def test_a_file_is_measured(sqlite_log):
    """With what lies beside it, and what nothing is in."""
    sqlite_log.append(new_events(100))
    measured = measure(sqlite_log.url)

    assert measured.file.bytes == sqlite_log.path.stat().st_size
    assert measured.file.wal_bytes == sqlite_log.path.with_name("log.db-wal").stat().st_size > 0
    assert measured.file.free_bytes == 0


@pytest.mark.postgres
def test_a_server_has_no_file(postgres):
    """What takes the room of all its databases is not this one's to tell."""
    with EventLog.open(postgres.schema()) as log:
        assert measure(log.url).file is None


def test_an_empty_log_has_no_size(log):
    """And no day."""
    measured = measure(log.url)

    assert (measured.head, measured.topics, measured.days, measured.blobs) == (
        0,
        (),
        (),
        BlobSize(0, 0, 0, 0),
    )
