"""Whatever happens to a log and to its views, and in whatever order: live, rebuilt and past rows agree.

What was so at a position is what a fresh database holds that has folded the log up to there, row by
row and byte by byte. Folding stops in the middle, processes are killed between any two questions to
the database, and builds come and go meanwhile.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from projections import PROJECTIONS
from tests.past_views import PastViews
from tests.postgres_server import Server
from tests.property.views_machine import LogAndViews
from tests.ready_databases import ReadyDatabase, ReadyPostgres, ReadySQLite
from tests.scale import scaled

#: each is a test of its own, so that processors share them
SHARES = range(6)
#: sequences of steps on each database
EXAMPLES = scaled(300, 20_000)
#: views of one sequence at the most
POSTGRES_VIEWS_MAX = 4
#: of one share; it takes about a tenth of it
TIMEOUT_S = scaled(600, 360_000)


def run(database: ReadyDatabase, folder: Path, examples: int, views_max: int) -> None:
    """Try sequences of steps on a database; the past is always folded on SQLite."""
    traits = {"database": database, "past": PastViews(folder), "views_max": views_max}
    machine = type("LogAndViewsHere", (LogAndViews,), traits)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=scaled(50, 100),
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


@pytest.mark.timeout(TIMEOUT_S)
@pytest.mark.parametrize("share", SHARES)
def test_live_rebuilt_and_past_rows_agree_on_sqlite(share: int, tmp_path: Path):
    """After any sequence of commands, crashes and rebuilds."""
    here, past = tmp_path / "here", tmp_path / "past"
    here.mkdir()
    past.mkdir()
    run(ReadySQLite(here), past, EXAMPLES // len(SHARES), len(PROJECTIONS))


@pytest.mark.timeout(TIMEOUT_S)
@pytest.mark.postgres
@pytest.mark.parametrize("share", SHARES)
def test_live_rebuilt_and_past_rows_agree_on_postgresql(share: int, tmp_path: Path, postgres: Server):
    """After any sequence of commands, crashes and rebuilds."""
    run(ReadyPostgres(postgres), tmp_path, EXAMPLES // len(SHARES), POSTGRES_VIEWS_MAX)
