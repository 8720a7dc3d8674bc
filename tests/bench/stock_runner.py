"""The library's way to fold events into rows: its runner, one transaction for each event."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteFactory, SQLiteTrackingRecorder
from psycopg.sql import SQL

from palyra_events.identifiers import stream_id
from tests.bench.stores import stock_settings
from tests.postgres_server import Server

_UPSERT = (
    "INSERT INTO binding (hook_id, is_enabled, changed_at) VALUES ({0}, {0}, {0})"
    " ON CONFLICT (hook_id) DO UPDATE SET is_enabled = excluded.is_enabled, changed_at = excluded.changed_at"
)
_AUDIT = "INSERT INTO audit VALUES ({0}, {0}, {0}, {0}, {0}, {0})"
_AUDIT_COLUMNS = (
    "position bigint PRIMARY KEY, at text, actor text, subject text, summary text, correlation text"
)
_TABLES = (
    "CREATE TABLE binding (hook_id text PRIMARY KEY, is_enabled boolean, changed_at text)",
    f"CREATE TABLE audit ({_AUDIT_COLUMNS})",
)


@dataclass(frozen=True)
class Switched(DomainEvent):
    """A hook was bound, or switched on or off."""

    hook_id: str
    kind: str
    happened_at: str
    actor: str
    correlation_id: str


class Hooks(Application[UUID]):
    """The library's application, as it comes."""

    name = "hooks"


class SQLiteRows(SQLiteTrackingRecorder):
    """The rows on SQLite, written together with the position."""

    def _create_table(self, c: Any) -> None:
        super()._create_table(c)
        for statement in _TABLES:
            c.execute(statement)

    def write(self, event: Switched, tracking: Tracking) -> None:
        """Write the rows of one event."""
        with self.datastore.transaction(commit=True) as cursor:
            for statement, values in _statements(event, tracking, "?"):
                cursor.execute(statement, values)
            self._insert_tracking(cursor, tracking)


class PostgresRows(PostgresTrackingRecorder):
    """The rows on PostgreSQL, written together with the position."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sql_create_statements.extend(map(SQL, _TABLES))

    def write(self, event: Switched, tracking: Tracking) -> None:
        """Write the rows of one event."""
        with self.datastore.transaction(commit=True) as cursor:
            for statement, values in _statements(event, tracking, "%s"):
                cursor.execute(statement, values, prepare=True)
            self._insert_tracking(cursor, tracking)


class Binding(Projection[Any]):
    """What the runner runs."""

    name = "binding"
    topics: ClassVar[tuple[str, ...]] = ()

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Fold one event."""
        self.view.write(domain_event, tracking)


def fold_sqlite(folder: Path, facts: Iterable[tuple[str, int, str, bytes]]) -> float:
    """Return how many seconds the runner's loop takes over a log on SQLite."""
    application = Hooks(
        {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "stock.db")}
    )
    _record(application, facts)
    with SQLiteFactory({"SQLITE_DBNAME": str(folder / "rows.db")}) as factory:
        rows = factory.tracking_recorder(SQLiteRows)
        projection, position = Binding(view=rows), 0
        started = time.perf_counter()
        while page := application.recorder.select_notifications(start=position + 1, limit=100):
            for notification in page:
                event = application.mapper.to_domain_event(notification)
                projection.process_event(event, Tracking(application.name, notification.id))
            position = page[-1].id
        seconds = time.perf_counter() - started
    application.close()
    return seconds


def fold_postgres(server: Server, facts: Iterable[tuple[str, int, str, bytes]]) -> float:
    """Return how many seconds the runner takes over a log on PostgreSQL."""
    settings = {"PERSISTENCE_MODULE": "eventsourcing.postgres", **stock_settings(server.database())}
    with Hooks(settings) as application:
        _record(application, facts)
        head = application.recorder.max_notification_id()
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=Hooks, projection_class=Binding, view_class=PostgresRows, env=settings
    ) as runner:
        runner.wait(head, timeout=600)
        return time.perf_counter() - started


def _record(application: Hooks, facts: Iterable[tuple[str, int, str, bytes]]) -> None:
    events = [application.mapper.to_stored_event(_switched(*fact)) for fact in facts]
    for start in range(0, len(events), 1000):
        application.recorder.insert_events(events[start : start + 1000])


def _switched(hook_id: str, version: int, topic: str, state: bytes) -> Switched:
    facts = json.loads(state)
    return Switched(
        originator_id=stream_id("hook", hook_id),
        originator_version=version,
        timestamp=Switched.create_timestamp(),
        hook_id=hook_id,
        kind=topic,
        happened_at=facts["timestamp"],
        actor=facts["actor"],
        correlation_id=facts["correlation_id"],
    )


def _statements(event: Switched, tracking: Tracking, place: str) -> list[tuple[str, tuple[Any, ...]]]:
    is_enabled = not event.kind.startswith("HookDisabled")
    summary = "enabled" if is_enabled else "disabled"
    audit = (
        tracking.notification_id,
        event.happened_at,
        event.actor,
        event.hook_id,
        summary,
        event.correlation_id,
    )
    return [
        (_UPSERT.format(place), (event.hook_id, is_enabled, event.happened_at)),
        (_AUDIT.format(place), audit),
    ]
