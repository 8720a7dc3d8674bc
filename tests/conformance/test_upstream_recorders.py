"""The event-sourcing library's own abstract suites, run over our recorders on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.postgres import PostgresAggregateRecorder
from eventsourcing.sqlite import SQLiteAggregateRecorder
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
from eventsourcing.utils import Environment, get_topic

from palyra_events.store.postgres import PostgresConsumers, PostgresLogFactory, PostgresRecorder
from palyra_events.store.sqlite import SQLiteConsumers, SQLiteLogFactory, SQLiteRecorder
from palyra_events.store.sqlite_file import prepare
from tests.postgres_server import Server


class OnSQLite:
    """Gives a suite recorders over a fresh file."""

    @pytest.fixture(autouse=True)
    def _settings(self, tmp_path: Path) -> None:
        path = tmp_path / "log.db"
        prepare(path, create=True, lock_timeout_ms=5000)
        self.env = Environment(
            env={
                "PERSISTENCE_MODULE": get_topic(SQLiteLogFactory),
                SQLiteLogFactory.SQLITE_DBNAME: str(path),
            }
        )


class OnPostgres:
    """Gives a suite recorders over a fresh schema."""

    @pytest.fixture(autouse=True)
    def _settings(self, postgres: Server) -> None:
        url = postgres.schema()
        self.env = Environment(
            env={
                "PERSISTENCE_MODULE": get_topic(PostgresLogFactory),
                PostgresLogFactory.POSTGRES_URL: url,
                PostgresLogFactory.POSTGRES_SCHEMA: url.rpartition("%3D")[2],
            }
        )


class Recorders:
    """Makes recorders for a suite, and closes their connections after each test."""

    env: Environment

    @pytest.fixture(autouse=True)
    def _close(self, _settings: None) -> Iterator[None]:
        self.factory: Any = InfrastructureFactory.construct(self.env)
        yield
        self.factory.close()

    def create_recorder(self) -> Any:
        return self.factory.process_recorder()


class WithoutPositions:
    """The suite for recorders of aggregates alone wants None in place of positions."""

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder

    def insert_events(self, *args: Any, **kwargs: Any) -> None:
        self._recorder.insert_events(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)


class TestSQLiteAggregates(OnSQLite, Recorders, AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return WithoutPositions(super().create_recorder())


class TestPostgresAggregates(OnPostgres, Recorders, AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return WithoutPositions(super().create_recorder())


class TestSQLiteApplication(OnSQLite, Recorders, ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        """A subscription yields what was recorded before it and after it, and stops when told."""
        self.optional_test_insert_subscribe()


class TestPostgresApplication(OnPostgres, Recorders, ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        """A subscription yields what was recorded before it and after it, and stops when told."""
        self.optional_test_insert_subscribe()


class TestSQLiteTracking(OnSQLite, Recorders, TrackingRecorderTestCase):
    pass


class TestPostgresTracking(OnPostgres, Recorders, TrackingRecorderTestCase):
    pass


class TestSQLiteProcess(OnSQLite, Recorders, ProcessRecorderTestCase):
    pass


class TestPostgresProcess(OnPostgres, Recorders, ProcessRecorderTestCase):
    pass


class TestSQLiteNonInterleaving(OnSQLite, Recorders, NonInterleavingNotificationIDsBaseCase):
    pass


class TestPostgresNonInterleaving(OnPostgres, Recorders, NonInterleavingNotificationIDsBaseCase):
    pass


class SQLiteConsumersOfSomebody(SQLiteConsumers):
    """A subclass, as the suite for factories wants one."""


class PostgresConsumersOfSomebody(PostgresConsumers):
    """A subclass, as the suite for factories wants one."""


class Factories:
    """Says which classes a factory makes."""

    classes: ClassVar[dict[str, type]]

    @pytest.fixture(autouse=True)
    def _setup(self, _settings: None) -> None:
        pass

    def expected_factory_class(self) -> Any:
        return self.classes["factory"]

    def expected_aggregate_recorder_class(self) -> Any:
        return self.classes["aggregate"]

    def expected_application_recorder_class(self) -> Any:
        return self.classes["application"]

    def expected_tracking_recorder_class(self) -> Any:
        return self.classes["tracking"]

    def tracking_recorder_subclass(self) -> Any:
        return self.classes["subclass"]

    def expected_process_recorder_class(self) -> Any:
        return self.classes["application"]


class TestSQLiteFactory(OnSQLite, Factories, InfrastructureFactoryTestCase):
    classes: ClassVar = {
        "factory": SQLiteLogFactory,
        "aggregate": SQLiteAggregateRecorder,
        "application": SQLiteRecorder,
        "tracking": SQLiteConsumers,
        "subclass": SQLiteConsumersOfSomebody,
    }


class TestPostgresFactory(OnPostgres, Factories, InfrastructureFactoryTestCase):
    classes: ClassVar = {
        "factory": PostgresLogFactory,
        "aggregate": PostgresAggregateRecorder,
        "application": PostgresRecorder,
        "tracking": PostgresConsumers,
        "subclass": PostgresConsumersOfSomebody,
    }
