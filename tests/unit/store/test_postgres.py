"""What happens to a log when its connections to PostgreSQL break."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from threading import Event, Thread

import psycopg
import pytest

from palyra_events.errors import DatabaseUnavailable, StaleVersion
from palyra_events.record import RecordedEvent
from palyra_events.store import EventLog
from tests.new_events import new_events, stream
from tests.postgres_server import Server, running

pytestmark = pytest.mark.postgres

PATIENCE_S = 30


@pytest.fixture
def log(postgres: Server) -> Iterator[EventLog]:
    """A log in a database of its own."""
    with EventLog.open(postgres.database()) as opened:
        yield opened


def hang_up(log: EventLog) -> int:
    """End all other sessions of the log's database and return how many there were."""
    with psycopg.connect(log.url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return len(rows)


class Line:
    """A connection between client and server that can lose the answer to what was sent."""

    def __init__(self, port: int) -> None:
        self.losing = Event()
        self.lost = Event()
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                for source, target in ((client, server), (server, client)):
                    self._threads.append(Thread(target=self._carry, args=(source, target, server)))
                    self._threads[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket, server: socket.socket) -> None:
        with source, suppress(OSError):
            while data := source.recv(65536):
                if source is server and self.losing.is_set():
                    self.losing.clear()
                    self.lost.set()
                    break
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(postgres: Server) -> Iterator[Line]:
    """A line to the server."""
    made = Line(postgres.port)
    yield made
    made.close()


def test_append_survives_lost_connections(log: EventLog):
    """After all sessions were ended, an append goes through on a new one."""
    log.append(new_events(1))
    assert hang_up(log) > 0
    assert list(log.append(new_events(1, start=2))) == [2]


def test_reads_survive_lost_connections(log: EventLog):
    """After all sessions were ended, reads go through on new ones."""
    log.append(new_events(2), tracking=("scheduler", 1))
    hang_up(log)
    first = (log.head(), log.position("scheduler"))
    hang_up(log)
    assert (first, len(log.read(0, 10)), len(log.read_stream(stream(1)))) == ((2, 1), 2, 2)


def test_conflict_after_a_lost_connection_is_one(log: EventLog):
    """What somebody else recorded is a conflict, also when it is met in the second try."""
    log.append(new_events(1))
    hang_up(log)
    with pytest.raises(StaleVersion):
        log.append([new_events(1)[0]._replace(state=b"other")])


def test_subscription_survives_lost_connections(log: EventLog):
    """A subscription misses nothing while its connections are ended again and again."""
    seen: list[RecordedEvent] = []
    with log.subscribe(0) as tail:
        reader = Thread(target=lambda: seen.extend(islice(tail, 30)))
        reader.start()
        for number in range(30):
            if number % 10 == 5:
                hang_up(log)
            log.append(new_events(1, number=number))
        reader.join(PATIENCE_S)
    assert [event.position for event in seen] == list(range(1, 31))


def test_lost_answer_of_a_commit(postgres: Server, line: Line):
    """Where the answer to a commit is lost, the append is recorded once and its caller gets its positions."""
    url = postgres.schema()
    tunnel = url.replace(f":{postgres.port}/", f":{line.port}/") + "&sslmode=disable&gssencmode=disable"
    with EventLog.open(tunnel) as log:
        log.append(new_events(1))
        line.losing.set()
        positions = list(log.append(new_events(3, start=2), tracking=("scheduler", 1)))
        assert (positions, log.head(), line.lost.is_set()) == ([2, 3, 4], 4, True)


def test_server_that_went_away():
    """Without a server every call says so, and after its return the log works as before."""
    with running() as server:
        log = EventLog.open(f"{server.database()}?connect_timeout=2")
        log.append(new_events(1))
    try:
        with pytest.raises(DatabaseUnavailable):
            log.append(new_events(1, start=2))
        with pytest.raises(DatabaseUnavailable):
            log.head()
    finally:
        log.close()


def test_url_options_are_passed_on(postgres: Server):
    """What the URL says about the session reaches the server; what it leaves open is set."""
    url = f"{postgres.schema()}%20-cstatement_timeout%3D1234&application_name=palyra-test"
    with (
        EventLog.open(url, lock_timeout_ms=777) as log,
        log._backend.datastore.pool.connection() as connection,
    ):
        names = ("statement_timeout", "lock_timeout", "application_name")
        values = [connection.execute(f"SHOW {name}").fetchone()[name] for name in names]
    assert values == ["1234ms", "777ms", "palyra-test"]
