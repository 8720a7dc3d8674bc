from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.store import EventLog

BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    return str(request.getfixturevalue("postgres").schema())


@pytest.fixture
def log(url: str) -> Iterator[EventLog]:
    """An empty log in either database."""
    with EventLog.open(url) as opened:
        yield opened


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'log.db'}"


@pytest.fixture
def sqlite_log(sqlite_url: str) -> Iterator[EventLog]:
    """An empty log in a SQLite file."""
    with EventLog.open(sqlite_url) as opened:
        yield opened
