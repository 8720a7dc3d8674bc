from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres_server import Server, running
from tests.stage import Stage


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL server; its programs are a dependency of the tests, so it is never skipped."""
    with running() as server:
        yield server


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A gateway over a SQLite file, with a clock that the test moves."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def each_stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A gateway over a database of either kind, with a clock that the test moves."""
    if request.param == "sqlite":
        yield request.getfixturevalue("stage")
        return
    with Stage(request.getfixturevalue("postgres").schema(), tmp_path) as opened:
        yield opened
