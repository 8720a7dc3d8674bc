from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from palyra_events.store import EventLog
from projections import Projector, Views, open_engine
from tests.journal import Journal

BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'views.db'}"


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, of either kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres").schema())


@pytest.fixture
def log(url: str) -> Iterator[EventLog]:
    """An empty log in either database."""
    with EventLog.open(url) as opened:
        yield opened


@pytest.fixture
def engine(log: EventLog) -> Iterator[Engine]:
    """An engine on the log's database."""
    opened = open_engine(log.url)
    yield opened
    opened.dispose()


@pytest.fixture
def journal(log: EventLog) -> Journal:
    """Writes to the log."""
    return Journal(log)


@pytest.fixture
def projector(engine: Engine, log: EventLog) -> Projector:
    """Folds the log into views."""
    return Projector(engine, log)


@pytest.fixture
def views(engine: Engine, projector: Projector) -> Views:
    """Answers from the views."""
    return Views(engine, projector)


@pytest.fixture
def plan_of(engine: Engine) -> Callable[[Callable[[], object]], str]:
    """How the database finds the answer to a question: the plan of its last statement."""

    def explain(question: Callable[[], object]) -> str:
        asked = []
        event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        question()
        statement, values = asked[-1]
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
            # A table of no rows is scanned as a whole, unless that is made to look dear.
            connection.exec_driver_sql("SET enable_seqscan = off")
            return str(connection.exec_driver_sql(f"EXPLAIN {statement}", values).all())

    return explain


@pytest.fixture
def rows_read(engine: Engine) -> Callable[[str, Callable[[], object]], int]:
    """How many rows of a table, or hundreds of steps, a database takes to answer a question."""

    def count(table: str, question: Callable[[], object]) -> int:
        asked: list[tuple[str, Any]] = []
        event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        question()
        statements = [each for each in asked if table in each[0]]
        return sum(_rows_read(engine, *each) for each in statements)

    return count


def _rows_read(engine: Engine, statement: str, values: Any) -> int:
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            answer = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
            return _rows_of_plan(answer.scalar_one()[0]["Plan"])
        steps: list[None] = []
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_progress_handler(lambda: steps.append(None), 100)
        try:
            raw.execute(statement, values).fetchall()
        finally:
            raw.set_progress_handler(None, 0)
        return len(steps) + 1


def _rows_of_plan(plan: Mapping[str, Any]) -> int:
    """The rows that all nodes of a plan have read, with those that they threw away."""
    own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return int(own) + sum(map(_rows_of_plan, plan.get("Plans", ())))
