from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from uuid import UUID

import pytest

from palyra_events.blob import Blob
from palyra_events.errors import (
    DatabaseUnavailable,
    InvalidDatabaseUrl,
    LogDamaged,
    StalePosition,
    StaleVersion,
    UnknownBlob,
)
from palyra_events.ledger import leaf_hash
from palyra_events.record import Entry, NewEvent, RecordedEvent
from palyra_events.store import EventLog
from palyra_events.store.log import check_contiguous
from tests.new_events import TOPIC, new_events, stream


def blob(content: bytes) -> Blob:
    return Blob(hashlib.sha256(content).digest(), content)


def test_positions_are_one_two_three(log: EventLog):
    """Appends get the positions 1, 2, 3, … in the order they come."""
    positions = [*log.append(new_events(2)), *log.append(new_events(3, number=2))]
    assert positions == [1, 2, 3, 4, 5]


def test_what_is_appended_is_read(log: EventLog):
    """Every column of an event comes back as it was given."""
    state = bytes(range(256))
    log.append([NewEvent(stream(2**127 + 3), 7, "Größe@12", state)])
    (event,) = log.read(0, 10)
    assert event[:5] == (1, stream(2**127 + 3), 7, "Größe@12", state)


def test_leaf_is_the_hash_that_python_computes(log: EventLog):
    """Both databases store the leaf hash of the ledger, also for empty, long and non-ASCII fields."""
    log.append([NewEvent(stream(1), 1, "a@1", b""), NewEvent(stream(1), 2, "ü€@2", b"\x00" * 70_000)])
    events = log.read(0, 10)
    assert [event.leaf for event in events] == [leaf_hash(*event[:5]) for event in events]


def test_bounds_of_a_page(log: EventLog):
    """A page begins after one position and ends at a limit or at another position."""
    log.append(new_events(9))
    pages = [log.read(2, 3), log.read(2, 100, until=4), log.read(9, 5), log.read(4, 5, until=4)]
    assert [[event.position for event in page] for page in pages] == [[3, 4, 5], [3, 4], [], []]


def test_stream_is_read_between_versions(log: EventLog):
    """A stream is read in order, after one version and up to another, without the others' events."""
    log.append([*new_events(5), *new_events(2, number=2)])
    assert [event.version for event in log.read_stream(stream(1), 1, 4)] == [2, 3, 4]


def test_unknown_stream_is_empty(log: EventLog):
    """A stream that nobody wrote to has no events."""
    assert log.read_stream(stream(9)) == []


def test_streams_are_read_at_once(log: EventLog):
    """Events of some streams come in the order of the log; a stream without events has none."""
    for number in (1, 2, 3, 1):
        version = len(log.read_stream(stream(number))) + 1
        log.append(new_events(1, number=number, start=version))

    found = log.read_streams([stream(3), stream(1), stream(9)])

    assert [(event.position, event.stream_id.int, event.version) for event in found] == [
        (1, 1, 1),
        (3, 3, 1),
        (4, 1, 2),
    ]
    assert found == [event for event in log.read(0, 10) if event.stream_id != stream(2)]


def test_more_streams_are_read_than_a_question_takes(log: EventLog):
    """However many streams are asked for, all that is in them is found."""
    log.append([event for number in range(1, 1202) for event in new_events(1, number=number)])

    found = log.read_streams([stream(number) for number in range(1, 1202)])

    assert [event.position for event in found] == list(range(1, 1202))


def test_events_are_read_at_positions(log: EventLog):
    """Each event that is asked for comes once, in the order of the log."""
    log.append(new_events(5))

    found = log.read_at([4, 2, 4])

    assert [event.position for event in found] == [2, 4]


def test_a_position_without_an_event_is_damage(log: EventLog):
    """Who asks for a position knows of an event there."""
    log.append(new_events(2))

    with pytest.raises(LogDamaged, match="Position 7 is missing"):
        log.read_at([2, 7, 9])


def test_entries_are_appended_each_for_itself(log: EventLog):
    """One that comes too late is refused, and keeps none of the others away."""
    log.append(new_events(1))
    kept = blob(b"kept")

    first, late, last = log.append_each(
        [Entry(new_events(2, number=2), [kept]), Entry(new_events(1)), Entry(new_events(1, number=3))]
    )

    assert (list(first), list(last)) == ([2, 3], [4])
    assert isinstance(late, StaleVersion)
    assert log.blob(kept.digest) == b"kept"


def test_head_is_the_newest_position(log: EventLog):
    """The head is 0 in an empty log, then the newest position."""
    heads = [log.head()]
    log.append(new_events(3))
    assert [*heads, log.head()] == [0, 3]


def test_taken_version_refuses_the_whole_append(log: EventLog):
    """Where one version is taken, no event, blob or position of the append is recorded."""
    log.append(new_events(1))
    kept = blob(b"kept?")
    with pytest.raises(StaleVersion):
        log.append([*new_events(1, number=2), *new_events(1)], blobs=[kept], tracking=("scheduler", 1))
    assert (log.head(), log.position("scheduler")) == (1, 0)
    with pytest.raises(UnknownBlob):
        log.blob(kept.digest)


def test_same_version_twice_in_one_append(log: EventLog):
    """An append that conflicts with itself is refused."""
    with pytest.raises(StaleVersion):
        log.append(new_events(1) * 2)


def test_positions_stay_contiguous_after_conflicts(log: EventLog):
    """A refused append uses no position up."""
    log.append(new_events(2))
    with pytest.raises(StaleVersion):
        log.append(new_events(5))
    assert list(log.append(new_events(1, start=3))) == [3]


def test_stale_tracking_refuses_the_whole_append(log: EventLog):
    """A consumer that does not advance records nothing: neither events nor blobs."""
    log.append(new_events(1), tracking=("scheduler", 5))
    kept = blob(b"kept?")
    with pytest.raises(StalePosition) as caught:
        log.append(new_events(1, start=2), blobs=[kept], tracking=("scheduler", 5))
    assert (log.head(), caught.value.details) == (1, {"consumer": "scheduler", "position": 5})
    with pytest.raises(UnknownBlob):
        log.blob(kept.digest)


def test_tracking_alone(log: EventLog):
    """A position can be recorded without an event; each consumer has its own."""
    assert list(log.append([], tracking=("scheduler", 3))) == []
    log.append([], tracking=("projector", 1))
    assert [log.position(name) for name in ("scheduler", "projector", "nobody")] == [3, 1, 0]


def test_nothing_is_nothing(log: EventLog):
    """An append of nothing succeeds and records nothing."""
    assert (list(log.append([])), log.head()) == ([], 0)


def test_blobs_are_recorded_with_the_events(log: EventLog):
    """A blob is there once the append that names it has returned, large ones too."""
    large = blob(b"\x00\xff" * 2_000_000)
    log.append(new_events(1), blobs=[large, blob(b"")])
    assert (log.blob(large.digest), log.blob(blob(b"").digest)) == (large.content, b"")


def test_blob_that_is_kept_already_stays(log: EventLog):
    """The same digest may be appended again, also twice in one append; the first bytes stay."""
    first = blob(b"first")
    log.append(new_events(1), blobs=[first, first])
    log.append(new_events(1, start=2), blobs=[Blob(first.digest, b"second")])
    assert log.blob(first.digest) == b"first"


def test_blobs_are_dropped_with_the_event_that_says_so(log: EventLog):
    """What is dropped is gone once the append has returned, and nothing else is."""
    first, second = blob(b"first"), blob(b"second")
    log.append(new_events(1), blobs=[first, second])
    log.append(new_events(1, start=2), drops=[first.digest, blob(b"never kept").digest])
    with pytest.raises(UnknownBlob):
        log.blob(first.digest)
    assert log.blob(second.digest) == b"second"


def test_a_refused_append_drops_nothing(log: EventLog):
    """A blob stays where the event that would drop it was not recorded."""
    kept = blob(b"kept")
    log.append(new_events(1), blobs=[kept])
    with pytest.raises(StaleVersion):
        log.append(new_events(1), drops=[kept.digest])
    assert log.blob(kept.digest) == b"kept"


def test_a_dropped_blob_can_be_kept_again(log: EventLog):
    """Who brings the bytes back has them."""
    kept = blob(b"kept")
    log.append(new_events(1), blobs=[kept])
    log.append(new_events(1, start=2), drops=[kept.digest])
    log.append(new_events(1, start=3), blobs=[kept])
    assert log.blob(kept.digest) == b"kept"


def test_scan_tells_what_a_read_tells(log: EventLog):
    """The fast way to read gives the same events, bare of their leaf hashes and in order."""
    log.append(new_events(5))
    read = [(e.position, e.stream_id.hex, e.version, e.topic, e.state) for e in log.read(1, 3)]
    assert [tuple(row) for row in log.scan(1, 3)] == read


@pytest.mark.parametrize("count", [0, 1, 501])
def test_many_blobs_are_read_at_once(log: EventLog, count: int):
    """Those that are kept come back by digest; those that are not are left out."""
    blobs = [blob(str(number).encode()) for number in range(count)]
    log.append(new_events(1), blobs=blobs)
    found = log.blobs([*(each.digest for each in blobs), bytes(32)])
    assert found == {each.digest: each.content for each in blobs}


def test_unknown_blob(log: EventLog):
    """Bytes that are not kept are missing by name."""
    with pytest.raises(UnknownBlob):
        log.blob(bytes(32))


def test_log_id_is_fixed(url: str):
    """The id of a log is random, and the same whenever it is opened."""
    with EventLog.open(url) as first, EventLog.open(url) as second:
        assert (first.log_id, first.log_id.version) == (second.log_id, 4)


def test_log_remembers(url: str):
    """What was appended is there after closing and opening, and positions go on."""
    with EventLog.open(url) as log:
        log.append(new_events(2), blobs=[blob(b"x")], tracking=("scheduler", 1))
    with EventLog.open(url, create=False) as log:
        assert (list(log.append(new_events(1, start=3))), log.position("scheduler")) == ([3], 1)


def test_opening_at_once_makes_one_log(url: str):
    """Eight that open a new log at the same time make it once."""

    def work(_: int) -> UUID:
        with EventLog.open(url) as log:
            return log.log_id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(work, range(8)))
    assert (len(ids), len(set(ids))) == (8, 1)


def test_missing_log_is_not_made(url: str):
    """Without ``create`` an empty place is an error, and stays empty."""
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            EventLog.open(url, create=False)


def test_closed_log_says_so(log: EventLog):
    """A closed log answers with our error; closing it again is fine."""
    log.close()
    log.close()
    for use in (log.head, lambda: log.append(new_events(1)), lambda: log.read(0, 1)):
        with pytest.raises(DatabaseUnavailable):
            use()


def test_hole_is_named():
    """A page that misses a position is damage, and the first missing position is named."""
    events = [(place, UUID(int=1), place, TOPIC, b"", b"") for place in (3, 4, 6, 7)]
    with pytest.raises(LogDamaged) as caught:
        check_contiguous([RecordedEvent(*event) for event in events], 2)
    assert caught.value.details == {"position": 5}


@pytest.mark.parametrize(
    "url",
    ["", "log.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///a.db?mode=ro", "mysql://x/y"],
)
def test_url_that_names_no_log(url: str):
    """A URL that is neither a SQLite file nor PostgreSQL is refused."""
    with pytest.raises(InvalidDatabaseUrl):
        EventLog.open(url)


def test_error_does_not_tell_the_password():
    """A URL that cannot be read is not repeated: it may hold a password."""
    with pytest.raises(InvalidDatabaseUrl) as caught:
        EventLog.open("postgresql://user:hunter2@host/db?no_such_option=hunter2")
    assert "hunter2" not in f"{caught.value}{caught.value.details}"


def test_threads_get_distinct_positions(log: EventLog):
    """32 threads that append at once get distinct positions, and each finds its events there."""
    found: dict[int, list[int]] = {}

    def work(number: int) -> None:
        found[number] = [
            position
            for version in range(1, 11)
            for position in log.append(new_events(1, number=number, start=version))
        ]

    threads = [Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    owners = {event.position: event.stream_id.int for event in log.read(0, 1000)}
    assert sorted(owners) == list(range(1, 321))
    assert all(owners[position] == number for number, positions in found.items() for position in positions)
