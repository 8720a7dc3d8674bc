from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.chromium import running_chromium
from tests.postgres_server import Server, running
from tests.stage import Stage


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each process begin with its share of what takes long, so that none is alone with it at the end."""
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    quick = [item for item in items if not item.get_closest_marker("slow")]
    slow = groupby((item for item in items if item.get_closest_marker("slow")), key=lambda item: item.path)
    shares: list[list[pytest.Item]] = [[] for _ in range(processes)]
    # Modules stay whole, as the tests of one have fixtures in common.
    for _, module in slow:
        min(shares, key=len).extend(module)
    for share in shares:
        missing = max(-(-len(items) // processes) - len(share), 0)
        share.extend(quick[:missing])
        del quick[:missing]
    items[:] = [item for share in shares for item in share]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL server; its programs are a dependency of the tests, so it is never skipped."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser without a window; one for all, as its driver allows no second one in a process."""
    with running_chromium() as browser:
        yield browser


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
