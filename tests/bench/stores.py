"""What the benchmarks of the log compare: ours and the stock recorders, on fresh databases."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, Mapper, StoredEvent, UUIDAsHex
from eventsourcing.postgres import PostgresFactory
from eventsourcing.sqlite import SQLiteFactory
from psycopg.conninfo import conninfo_to_dict

from palyra_events.event import Event
from palyra_events.registry import Registry
from palyra_events.store import EventLog, NewEvent
from tests.postgres_server import Server

TOPIC = "AttemptSucceeded@1"
_streams = count(1)
#: so that two processes do not name the same streams
_RUN = os.getpid()

#: about 400 bytes of JSON, as an event of ours has them
STATE = json.dumps(
    {
        "timestamp": "2026-11-23T10:11:12.123456Z",
        "actor": "system:worker",
        "correlation_id": "7d3b0c52-6a0f-4d0b-9a51-0f6c3a1d7e44",
        "causation_id": "12:greet",
        "delivery_id": "12:greet",
        "attempt": 1,
        "as_of": 4711,
        "module": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "fuel_units": 123456,
        "effects": [{"op": "storage.put", "key": "greetings/today", "size": 11}],
        "output": {"sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"},
    }
).encode()


FACTS: dict[str, Any] = {"timestamp": "2026-11-23T10:11:12.123456Z", **json.loads(STATE)}
MOMENT = datetime(2026, 11, 23, 10, 11, 12, 123456, UTC)

Encoder: TypeAlias = Callable[[tuple[UUID, int], dict[str, Any]], Any]


class Measured(Event):
    """The facts as an event of ours."""

    delivery_id: str
    attempt: int
    as_of: int
    module: str
    fuel_units: int
    effects: tuple[dict[str, Any], ...]
    output: dict[str, str]


@dataclass(frozen=True)
class StockMeasured(DomainEvent):
    """The facts as an event of the library's."""

    happened_at: str
    actor: str
    correlation_id: str
    causation_id: str
    delivery_id: str
    attempt: int
    as_of: int
    module: str
    fuel_units: int
    effects: list[dict[str, Any]]
    output: dict[str, str]


def _stock_mapper() -> Mapper[UUID]:
    transcoder = JSONTranscoder()
    transcoder.register(UUIDAsHex())
    transcoder.register(DatetimeAsISO())
    return Mapper(transcoder)


_REGISTRY = Registry([(Measured, 1)])
_MAPPER = _stock_mapper()


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to append: ``batch`` makes events for it, ``append`` returns when they are durable."""

    batch: Callable[[int], Sequence[Any]]
    append: Callable[[Sequence[Any]], object]


@contextmanager
def ours(url: str) -> Iterator[Contender]:
    """Our log, with group commit, contiguous positions and leaf hashes."""
    with EventLog.open(url) as log:
        yield Contender(lambda size: [NewEvent(*_event(n)) for n in _versions(size)], log.append)


@contextmanager
def stock_sqlite(path: Path) -> Iterator[Contender]:
    """The library's recorder for SQLite, as it comes; SQLite's default is to sync every commit."""
    with SQLiteFactory({"SQLITE_DBNAME": str(path)}) as factory:
        yield Contender(_stored, factory.process_recorder().insert_events)
        factory.close()


def encoding(contender: Contender, encode: Encoder) -> Contender:
    """The same contender, given facts: it makes the bytes of its events as well."""
    return Contender(
        lambda size: [(place, FACTS) for place in _versions(size)],
        lambda facts: contender.append([encode(*fact) for fact in facts]),
    )


def encode_ours(place: tuple[UUID, int], facts: dict[str, Any]) -> NewEvent:
    """Make an event and its bytes as our commands do: a pydantic model, a closed registry."""
    return NewEvent(*place, *_REGISTRY.encode(Measured.model_validate(facts)))


def encode_stock(place: tuple[UUID, int], facts: dict[str, Any]) -> StoredEvent:
    """Make an event and its bytes as the library's applications do: a dataclass, its JSON transcoder."""
    return _MAPPER.to_stored_event(StockMeasured(*place, MOMENT, *facts.values()))


@contextmanager
def stock_postgres(url: str) -> Iterator[Contender]:
    """The library's recorder for PostgreSQL, as it comes."""
    with PostgresFactory(stock_settings(url)) as factory:
        yield Contender(_stored, factory.process_recorder().insert_events)


def stock_settings(url: str) -> dict[str, str]:
    """Return the settings of the library's factory for this database."""
    target = conninfo_to_dict(url)
    return {
        "POSTGRES_DBNAME": str(target["dbname"]),
        "POSTGRES_HOST": str(target["host"]),
        "POSTGRES_PORT": str(target["port"]),
        "POSTGRES_USER": "postgres",
        "POSTGRES_PASSWORD": "",
    }


@contextmanager
def pair(database: str, folder: Path, server: Server) -> Iterator[dict[str, Contender]]:
    """Open ours and the stock one on fresh databases of one kind."""
    if database == "SQLite":
        with ours(f"sqlite:///{folder / 'ours.db'}") as mine, stock_sqlite(folder / "stock.db") as stock:
            yield {"ours": mine, "stock": stock}
    else:
        with ours(server.database()) as mine, stock_postgres(server.database()) as stock:
            yield {"ours": mine, "stock": stock}


def new_place() -> tuple[UUID, int]:
    """Return the first place in a stream that nobody has written to."""
    return UUID(int=next(_streams) << 64 | _RUN), 1


def _stored(size: int) -> list[StoredEvent]:
    return [StoredEvent(*_event(n)) for n in _versions(size)]


def _versions(size: int) -> Iterator[tuple[UUID, int]]:
    """Name the places of one batch: a fresh stream, from version 1 on."""
    stream, _ = new_place()
    return ((stream, version) for version in range(1, size + 1))


def _event(place: tuple[UUID, int]) -> tuple[UUID, int, str, bytes]:
    return (*place, TOPIC, STATE)
