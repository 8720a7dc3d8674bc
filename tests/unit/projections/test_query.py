from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect

from palyra_events.hook import HookBound
from projections import Projector, QueryFailed, ask
from projections.engine import reading
from tests.journal import Journal
from tests.sample_events import TARGET


@pytest.fixture
def folded(projector: Projector, journal: Journal) -> Projector:
    """Two hooks."""
    journal.add_all([(HookBound, {"hook_id": name, "target": TARGET}) for name in ("a", "b")])
    projector.catch_up()
    return projector


def _ask(projector: Projector, question: str, limit: int = 100):
    views = {view.name: view for view in projector.views_named()}
    return ask(projector.engine, views, question, limit)


@pytest.mark.parametrize(
    "question",
    [
        "SELECT hook_id, position FROM hook JOIN audit ON position = valid_from ORDER BY 1",
        "WITH h AS (SELECT * FROM hook) SELECT hook_id, valid_from AS position FROM h ORDER BY 1;",
        "SELECT hook_id, valid_from AS position FROM hook WHERE hook_id LIKE '%' ORDER BY 1 -- 100 %",
    ],
)
def test_a_question_is_answered_from_the_live_tables(folded: Projector, question: str):
    """They have the names of the views, whatever number the build has."""
    folded.rebuild(["hook"])

    answer = _ask(folded, question)

    assert (answer.columns, answer.rows) == (["hook_id", "position"], [["a", 1], ["b", 2]])


def test_an_answer_is_bounded(folded: Projector):
    """A question about everything does not fill the memory."""
    assert len(_ask(folded, "SELECT * FROM hook", limit=1).rows) == 1


@pytest.mark.parametrize(
    "question",
    [
        "DELETE FROM hook_g1",
        "SELECT 1); DROP TABLE hook_g1; SELECT (1",
        "SELECT 1) AS a; COMMIT; DROP TABLE hook_g1; SELECT 1 FROM (SELECT 1",
        "WITH gone AS (DELETE FROM hook_g1 RETURNING *) SELECT * FROM gone",
        "SELECT nothing FROM hook",
        "",
    ],
)
def test_what_is_no_question_is_refused(folded: Projector, engine: Engine, question: str):
    """Nothing can be written this way."""
    with pytest.raises(QueryFailed):
        _ask(folded, question)

    with reading(engine) as connection:
        assert "hook_g1" in inspect(connection).get_table_names()
    assert len(_ask(folded, "SELECT * FROM hook").rows) == 2


def test_an_endless_question_ends(folded: Projector, monkeypatch: pytest.MonkeyPatch):
    """It is stopped, and the connection can be used again."""
    monkeypatch.setattr("projections.query._TIME_MAX_MS", 50)
    monkeypatch.setattr("projections.query._STEPS_MAX", 2_000_000)
    endless = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    with pytest.raises(QueryFailed):
        _ask(folded, endless)

    assert len(_ask(folded, "SELECT * FROM hook").rows) == 2
