"""`audit verify`: events per second, and the memory that it takes, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from palyra_events.record import NewEvent
from palyra_events.store import EventLog
from palyra_runtime.ledger import (
    CheckpointFolder,
    Collection,
    LedgerPlaces,
    Verifier,
    checking_here,
    checking_in_processes,
    origin_of,
    trusted_keys,
)
from palyra_runtime.ledger.key_file import KeyFile
from tests.peak_memory import peak_memory_bytes
from tests.postgres_server import Server

EVENTS = 200_000
_BATCH = 1_000
_JOBS = (1, 2)


class Row(NamedTuple):
    """One line of the result: of all that `audit verify` does without the views."""

    database: str
    jobs: int
    events: int
    events_per_s: int
    goal_per_s: int
    memory_mb: int
    goal_mb: int


def measure(server: Server) -> list[Row]:
    """Verify a log of mixed events in either database."""
    with TemporaryDirectory() as folder:
        urls = {"SQLite": f"sqlite:///{Path(folder) / 'log.db'}", "PostgreSQL": server.schema()}
        rows = []
        for database, url in urls.items():
            _fill(url, Path(folder) / database)
            rows += [_row(database, url, Path(folder) / database, jobs) for jobs in _JOBS]
        return rows


def _fill(url: str, folder: Path) -> None:
    # Imported here: it brings the whole gateway, which the process that is measured does not need.
    from tests.tampering import keeper_of, mixed_events

    page = mixed_events(_BATCH)
    with EventLog.open(url) as log:
        for start in range(0, EVENTS, _BATCH):
            rounds = start // _BATCH
            log.append([_moved(event, rounds, len(page)) for event in page])
        keeper_of(log, folder).checkpoint()


def _moved(event: NewEvent, rounds: int, count: int) -> NewEvent:
    """Return an event as the one that follows on so many rounds of the same events."""
    streams = 3
    each = count // streams + (1 if event.stream_id.int <= count % streams else 0)
    return event._replace(version=event.version + rounds * each)


def _row(database: str, url: str, folder: Path, jobs: int) -> Row:
    command = [sys.executable, "-m", "tests.bench.verify", url, str(folder), str(jobs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return Row(database, jobs, EVENTS, told["events_per_s"], 100_000, told["memory_mb"], 100)


def _verify(url: str, folder: Path, jobs: int) -> dict[str, int]:
    with EventLog.open(url, create=False) as log:
        places, origin = LedgerPlaces.under(folder), origin_of(log.log_id)
        collection = Collection(trusted_keys(log, origin, KeyFile(places.key).public_key()))
        collection.add_folder(CheckpointFolder(places.folder))
        checking = checking_here(log) if jobs == 1 else checking_in_processes(url, jobs)
        begun = perf_counter()
        report = Verifier(log, origin, checking).verify(collection.signed)
        took = perf_counter() - begun
    assert report.is_sound
    assert report.signed == EVENTS
    return {"events_per_s": round(EVENTS / took), "memory_mb": peak_memory_bytes() // 1024**2}


if __name__ == "__main__":
    print(json.dumps(_verify(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
