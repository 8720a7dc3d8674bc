"""Two processes append to one log at once, as fast as they can."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from palyra_events.store import EventLog

EVENTS = 10_000
#: events in one append, in turn
SIZES = (1, 7, 40, 2, 250)

WRITER = """
import sys
from itertools import cycle
from palyra_events.store import EventLog
from tests.crash.test_two_writers import EVENTS, SIZES
from tests.new_events import new_events
url, number = sys.argv[1], int(sys.argv[2])
with EventLog.open(url) as log:
    done = 0
    for size in cycle(SIZES):
        if done == EVENTS:
            break
        size = min(size, EVENTS - done)
        log.append(new_events(size, number=number, start=done + 1))
        done += size
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    return str(request.getfixturevalue("postgres").schema())


@pytest.mark.slow
def test_two_processes_share_the_positions(url: str):
    """10,000 events each give 20,000 contiguous positions; each process's events are in its own order."""
    program = f"import sys; sys.path[:0] = {sys.path!r}\n{WRITER}"
    writers = [subprocess.Popen([sys.executable, "-c", program, url, str(number)]) for number in (1, 2)]
    assert [writer.wait(100) for writer in writers] == [0, 0]
    with EventLog.open(url, create=False) as log:
        events = log.read(0, 3 * EVENTS)
    assert [event.position for event in events] == list(range(1, 2 * EVENTS + 1))
    assert Counter(event.stream_id.int for event in events) == {1: EVENTS, 2: EVENTS}
    for number in (1, 2):
        versions = [event.version for event in events if event.stream_id.int == number]
        assert versions == list(range(1, EVENTS + 1))
