"""Checking the store itself: the file, its parts, and that rows are where they belong.

Whether the rows say what was recorded is the ledger's business.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from palyra_events.errors import DatabaseDamaged, DriverMissing
from palyra_events.store.environment import check_environment
from palyra_events.store.faults import translating
from palyra_events.store.location import Location, locate
from palyra_events.store.snapshot import Snapshot, head_of, open_snapshot


@dataclass(frozen=True, slots=True)
class StoreFinding:
    """What is wrong, and in which part of the check it showed."""

    check: str
    message: str


@dataclass(frozen=True, slots=True)
class StoreReport:
    """Which checks were made, and what they found; ``head`` is None where it cannot be read."""

    checks: tuple[str, ...]
    findings: tuple[StoreFinding, ...]
    head: int | None

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


#: what a part of the check finds, in sentences
Check: TypeAlias = Callable[[], Iterator[str]]

_GAP = "SELECT count(*), coalesce(min(position), 1), coalesce(max(position), 0) FROM event"
_BROKEN_STREAMS = """
SELECT count(*) FROM (
    SELECT 1 FROM event GROUP BY stream_id HAVING min(version) <> 1 OR max(version) <> count(*)
) AS broken
"""
_AHEAD = """
SELECT consumer, position FROM tracking
WHERE position > (SELECT coalesce(max(position), 0) FROM event) ORDER BY consumer
"""


def check_store(url: str, *, quick: bool = False) -> StoreReport:
    """Check the database at ``url`` and change nothing; ``quick`` leaves out what takes long on SQLite.

    Raises:
        DatabaseMissing, DatabaseTooNew, DatabaseTooOld: there is no log that this program can check.
        DriverMissing: ``palyra[postgres]`` is not installed.
        DatabaseUnavailable, DatabaseLocked, StorageFailed: it cannot be read, which says nothing about it.
    """
    check_environment()
    location = locate(url)
    with translating():
        native, driver_error = _native_checks(location, quick=quick)
        tried = _Tried(driver_error)
        tried.make(native)
        with tried.part("rows"), open_snapshot(location) as snapshot:
            tried.head = head_of(snapshot)
            tried.make(_row_checks(snapshot))
    return StoreReport(tuple(tried.checks), tuple(tried.findings), tried.head)


def _native_checks(location: Location, *, quick: bool) -> tuple[Sequence[tuple[str, Check]], type[Exception]]:
    """Return the checks that the kind of database has of its own, and the error of its driver."""
    if location.path is not None:
        from palyra_events.store.sqlite_check import sqlite_checks  # noqa: PLC0415 - as its sibling

        return sqlite_checks(location.path, quick=quick), sqlite3.Error
    try:
        import psycopg  # noqa: PLC0415 - an optional dependency

        from palyra_events.store.postgres_check import postgres_checks  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise DriverMissing(driver=error.name) from error
    return postgres_checks(location.url), psycopg.Error


class _Tried:
    """The checks that were made so far, and what they found."""

    def __init__(self, driver_error: type[Exception]) -> None:
        self.checks: list[str] = []
        self.findings: list[StoreFinding] = []
        self.head: int | None = None
        self._driver_error = driver_error

    def make(self, checks: Sequence[tuple[str, Check]]) -> None:
        """Make some checks, each of them whatever became of those before."""
        for name, check in checks:
            self.checks.append(name)
            with self.part(name):
                self.findings += [StoreFinding(name, message) for message in check()]

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Take note where the block finds the database damaged: that is what it is there to find."""
        try:
            with translating():
                yield
        except DatabaseDamaged as error:
            self._note(name, error.message)
        except self._driver_error as error:
            # A table or a column that the question is about is not there.
            self._note(name, f"This cannot be checked: {str(error).splitlines()[0]}.")

    def _note(self, name: str, message: str) -> None:
        """Take note of a finding, once: a file that is no database is none for each check."""
        if message not in {finding.message for finding in self.findings}:
            self.findings.append(StoreFinding(name, message))


def _row_checks(snapshot: Snapshot) -> Sequence[tuple[str, Check]]:
    return (
        ("positions", lambda: _positions(snapshot)),
        ("streams", lambda: _streams(snapshot)),
        ("consumers", lambda: _consumers(snapshot)),
    )


def _positions(snapshot: Snapshot) -> Iterator[str]:
    count, lowest, highest = snapshot.rows(_GAP)[0]
    if lowest != 1 or highest != count:
        yield f"The log has {count:,} events at the positions {lowest:,} to {highest:,}: there are gaps."


def _streams(snapshot: Snapshot) -> Iterator[str]:
    broken = snapshot.rows(_BROKEN_STREAMS)[0][0]
    if broken:
        yield f"Streams that do not have the versions 1, 2, 3, … without gaps: {broken:,}."


def _consumers(snapshot: Snapshot) -> Iterator[str]:
    for consumer, position in snapshot.rows(_AHEAD):
        yield f"The consumer {consumer} has come to position {position:,}, which the log does not have."
