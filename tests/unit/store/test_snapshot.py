"""One moment of a log, whatever others write."""

from __future__ import annotations

import pytest

from palyra_events.blob import keep
from palyra_events.errors import DatabaseMissing
from palyra_events.store.location import locate
from palyra_events.store.snapshot import head_of, open_snapshot
from tests.new_events import new_events

_, BLOB = keep(b"bytes")


def test_it_sees_what_there_was_when_it_was_opened(log):
    """Events, blobs and consumers of later do not show, and nobody waits."""
    log.append(new_events(3), blobs=[BLOB], tracking=("scheduler", 1))
    with open_snapshot(locate(log.url)) as snapshot:
        log.append(new_events(3, number=2), drops=[BLOB.digest], tracking=("scheduler", 5))

        assert head_of(snapshot) == 3
        assert list(snapshot.events()) == log.read(0, 3)
        assert list(snapshot.blobs()) == [BLOB]
        assert snapshot.tracking() == [("scheduler", 1)]
        assert snapshot.meta()["log_id"].replace("-", "") == log.log_id.hex
    assert log.head() == 6


def test_two_readings_of_it_do_not_disturb_each_other(log):
    """Events are streamed, and questions can be asked in between."""
    log.append(new_events(1500), blobs=[BLOB])
    with open_snapshot(locate(log.url)) as snapshot:
        seen = [
            (event.position, head_of(snapshot)) for event in snapshot.events() if event.position % 500 == 0
        ]

    assert seen == [(500, 1500), (1000, 1500), (1500, 1500)]


def test_where_there_is_no_log_there_is_no_moment_of_it(url):
    """And none is made."""
    with pytest.raises(DatabaseMissing), open_snapshot(locate(url)):
        pass
