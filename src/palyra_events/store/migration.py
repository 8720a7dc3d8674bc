"""Bringing the tables of a log from an older version to the present one, when somebody asks for it.

A log that was written by an older Palyra is not opened: its tables are changed by a command and
never on the way, so that nobody is surprised by it in the middle of the night.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from palyra_events.errors import DatabaseMissing, DriverMissing, Unavailable
from palyra_events.store.environment import check_environment
from palyra_events.store.faults import translating
from palyra_events.store.location import Location, locate
from palyra_events.store.schema import SCHEMA_VERSION, known_version

#: what each version of the tables brought
PURPOSES: Mapping[int, str] = MappingProxyType(
    {1: "Signed checkpoints are kept beside the log, and blobs can be dropped."}
)


class MigrationFailed(Unavailable):
    """The tables cannot be brought to the present version."""

    code = "MIGRATION_FAILED"
    advice = "Nothing was changed. Look what stands in the way, or restore a backup into an empty database."
    retryable = False


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """What there is to do: from which version to which, why, and the statements that do it."""

    found: int
    known: int
    purposes: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was done; ``backup`` is the copy of the file as it was before, None where nobody made one."""

    found: int
    reached: int
    backup: Path | None = None


class Migrator(Protocol):
    """A database that can be migrated."""

    def version(self) -> int | None:
        """Return the version of its tables, None where it has none."""
        ...

    def statements(self, found: int) -> Sequence[str]:
        """Return the statements that lead from a version to the present one."""
        ...

    def migrate(self) -> Migrated:
        """Bring the tables to the present version, all of it or nothing."""
        ...


def plan_migration(url: str) -> MigrationPlan:
    """Return what `migrate` would do to the database at ``url``.

    Raises:
        DatabaseMissing: there is no log.
        DatabaseTooNew: a newer Palyra made it.
        DriverMissing: ``palyra[postgres]`` is not installed.
        DatabaseUnavailable, DatabaseLocked, DatabaseDamaged: it cannot be read.
    """
    with translating():
        return _plan(_migrator(locate(url)))


def migrate(url: str) -> Migrated:
    """Bring the tables of the log at ``url`` to the present version; a SQLite file is copied first.

    Programs of the older version that have it open are to be stopped before. Where there is nothing
    to do, nothing is done.

    Raises:
        MigrationFailed: what is in the tables does not go into the ones that are to be.
        DatabaseMissing, DatabaseTooNew, DriverMissing, DatabaseUnavailable, DatabaseReadOnly,
            DatabaseLocked, DatabaseDamaged, DiskFull, StorageFailed: nothing was changed.
    """
    with translating():
        migrator = _migrator(locate(url))
        plan = _plan(migrator)
        return migrator.migrate() if plan.statements else Migrated(plan.found, plan.found)


def _plan(migrator: Migrator) -> MigrationPlan:
    found = migrator.version()
    if found is None:
        raise DatabaseMissing("There is no Palyra log in this database.")
    known_version(found)
    purposes = tuple(PURPOSES[version] for version in range(found + 1, SCHEMA_VERSION + 1))
    return MigrationPlan(found, SCHEMA_VERSION, purposes, tuple(migrator.statements(found)))


def _migrator(location: Location) -> Migrator:
    check_environment()
    if location.path is not None:
        from palyra_events.store.sqlite_migration import SQLiteMigrator  # noqa: PLC0415 - as its sibling

        return SQLiteMigrator(location.path)
    try:
        from palyra_events.store.postgres_migration import PostgresMigrator  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise DriverMissing(driver=error.name) from error
    return PostgresMigrator(location.url)
