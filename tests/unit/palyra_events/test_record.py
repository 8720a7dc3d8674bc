"""What the commands rely on in a log: the fake that their tests use keeps it as the real one does."""

from __future__ import annotations

import pytest

from palyra_events.blob import keep
from palyra_events.errors import StalePosition, StaleVersion, UnknownBlob
from palyra_events.identifiers import stream_id
from palyra_events.ledger import leaf_hash
from palyra_events.record import NewEvent

ECHO, OTHER = stream_id("plugin", "echo"), stream_id("plugin", "other")
_, BLOB = keep(b"input")


def event(version, stream=ECHO, state=b"{}"):
    return NewEvent(stream, version, "HookEnabled@1", state)


def everything(log):
    return log.read(0, 100)


def test_a_new_log_is_empty(log):
    """The head of nothing is 0, and nobody has been anywhere."""
    assert (log.head(), everything(log), log.read_stream(ECHO), log.position("scheduler")) == (0, [], [], 0)


def test_positions_have_no_gaps(log):
    """Positions are 1, 2, 3, … over all streams."""
    assert [*log.append([event(1), event(1, OTHER)]), *log.append([event(2)])] == [1, 2, 3]
    assert (log.head(), [row.position for row in everything(log)]) == (3, [1, 2, 3])


def test_what_was_appended_comes_back(log):
    """A row is what was written, with its place and its leaf."""
    log.append([event(1, state=b'{"a":1}')])
    assert log.read_stream(ECHO) == [
        (1, ECHO, 1, "HookEnabled@1", b'{"a":1}', leaf_hash(1, ECHO, 1, "HookEnabled@1", b'{"a":1}'))
    ]


def test_a_stream_is_read_in_order_and_from_a_version(log):
    """Other streams are left out, and so is what was read already."""
    log.append([event(1), event(1, OTHER), event(2), event(3)])
    assert [row.version for row in log.read_stream(ECHO)] == [1, 2, 3]
    assert [row.position for row in log.read_stream(ECHO, 1)] == [3, 4]


@pytest.mark.parametrize(
    "late", [[event(1)], [event(2), event(1)], [event(2), event(2)]], ids=["alone", "with more", "twice"]
)
def test_a_place_is_taken_once(log, late):
    """Who comes late appends nothing at all: no event, no blob, no position."""
    log.append([event(1, state=b"first")])
    with pytest.raises(StaleVersion):
        log.append(late, blobs=[BLOB], tracking=("scheduler", 7))
    assert ([row.state for row in everything(log)], log.position("scheduler")) == ([b"first"], 0)
    with pytest.raises(UnknownBlob):
        log.blob(BLOB.digest)


@pytest.mark.parametrize("position", [6, 7])
def test_a_consumer_moves_on_only(log, position):
    """Who has been at a position does not record it again: no event, no blob."""
    log.append([event(1)], tracking=("scheduler", 7))
    with pytest.raises(StalePosition):
        log.append([event(2)], tracking=("scheduler", position))
    assert (log.head(), log.position("scheduler")) == (1, 7)


def test_a_position_may_be_recorded_alone(log):
    """An event that schedules nothing is still one that was looked at."""
    assert list(log.append([], tracking=("scheduler", 7))) == []
    assert (log.head(), log.position("scheduler"), log.position("projector")) == (0, 7, 0)


def test_blobs_come_with_the_events_that_name_them(log):
    """The same bytes may be kept twice, and are there once."""
    log.append([event(1)], blobs=[BLOB, BLOB])
    log.append([event(2)], blobs=[BLOB])
    assert log.blob(BLOB.digest) == b"input"
