from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect

from palyra_events.hook import HookBound
from projections import Projector, QueryFailed, ask
from projections.engine import reading
from tests.journal import Journal
from tests.sample_events import TARGET

on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize(
    "url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)

#: counts for ever
COUNTING = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n)"


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

    with pytest.raises(QueryFailed):
        _ask(folded, f"{COUNTING} SELECT count(*) FROM n")

    assert len(_ask(folded, "SELECT * FROM hook").rows) == 2


@pytest.mark.parametrize(
    "question",
    [
        f"{COUNTING} SELECT i, '{'x' * 50_000}' FROM n",
        f"{COUNTING} SELECT i, '{'x' * 50_000}' FROM n) AS a LIMIT 1000 /*",
        "SELECT replace(replace(hex('{0}'), '0', '{0}'), '3', '{0}')".format("0" * 5000),
    ],
)
def test_an_answer_has_so_many_bytes(folded: Projector, question: str):
    """Neither many rows nor a long one fill the memory, and the connection can be used again."""
    with pytest.raises(QueryFailed):
        _ask(folded, question, limit=1_000)

    assert len(_ask(folded, "SELECT * FROM hook").rows) == 2


@on_sqlite
def test_a_limit_that_is_hidden_holds(folded: Projector):
    """SQLite reads a comment without an end to the end of the question, and the limit is there."""
    answer = _ask(folded, f"{COUNTING} SELECT i FROM n) AS a /*", limit=3)

    assert answer.rows == [[1], [2], [3]]


@on_postgresql
@pytest.mark.parametrize(
    "question",
    [
        "SELECT set_config('search_path', 'elsewhere', false)",
        "SELECT Pg_Read_File('/etc/hostname')",
        'SELECT "pg_read_file"(chr(47))',
        'SELECT U&"p\\0067_sleep"(1)',
        "SELECT pg_catalog . pg_advisory_lock(1)",
        "SELECT lo_import('/etc/hostname')",
        "SELECT loread(1, 1)",
        "SELECT query_to_xml('SELECT 1', true, true, '')",
        "SELECT * FROM ts_stat('SELECT to_tsvector(''a'')')",
    ],
)
def test_a_question_lets_a_server_do_nothing(folded: Projector, question: str):
    """Who may ask about views may not read its files, hold its locks or end its sessions."""
    with pytest.raises(QueryFailed, match="names no"):
        _ask(folded, question)

    assert len(_ask(folded, "SELECT * FROM hook").rows) == 2


@on_postgresql
@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("sum(valid_from)", 3),
        ("avg(valid_from)", 1.5),
        ("'NaN'::float8", "nan"),
        ("1e200::numeric", f"1{'0' * 200}"),
        ("'1 day'::interval", "1 day, 0:00:00"),
        ("array[1, null]", [1, None]),
        ("'10.0.0.1'::inet", "10.0.0.1"),
        (r"""'{"a": "\ud800"}'::json""", {"a": "?"}),
    ],
)
def test_what_a_server_counts_is_told_as_json(folded: Projector, column: str, told: object):
    """Each value has a form in JSON, so that it can be told over a network."""
    assert _ask(folded, f"SELECT {column} FROM hook").rows[0] == [told]


@on_sqlite
def test_what_is_beyond_all_numbers_is_told_in_words(folded: Projector):
    """JSON has no number for it."""
    assert _ask(folded, "SELECT 9e999, -9e999, x'00'").rows == [["inf", "-inf", b"\0"]]
