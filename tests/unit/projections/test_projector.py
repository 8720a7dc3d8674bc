from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

import pytest
from sqlalchemy import Engine, event, select, text

from palyra_events.errors import DatabaseTooNew, LogDamaged
from palyra_events.hook import HookBound
from palyra_events.identifiers import stream_id
from palyra_events.record import NewEvent, RecordedEvent
from palyra_events.store import EventLog
from projections import ProjectionFailed, Projector, ViewDamaged, Views, content_digest
from projections.engine import reading, writing
from projections.fold import STEP_EVENTS
from projections.generation import DEAD_LETTER, GENERATION, Status
from projections.hook import HookView
from tests.fragile_view import FragileReport, FragileView, FragileViewTwo
from tests.journal import Journal
from tests.sample_events import TARGET


def _bind(journal: Journal, *names: str) -> None:
    journal.add_all([(HookBound, {"hook_id": name, "target": TARGET}) for name in names])


def _positions(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        rows = connection.execute(select(GENERATION).where(GENERATION.c.status == Status.LIVE.value))
        return {row.projection: row.position for row in rows}


def _names(engine: Engine, table: str) -> list[str]:
    with reading(engine) as connection:
        return list(connection.scalars(text(f"SELECT hook_id FROM {table} ORDER BY position")))


@pytest.fixture
def watched(engine: Engine) -> list[str]:
    """The statements that reach the database from now on."""
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    return statements


def test_catching_up_returns_the_position_that_is_reached(projector: Projector, journal: Journal):
    """It is the head of the log, or the place that was asked for, or nothing of an empty log."""
    reached = [projector.catch_up()]
    _bind(journal, "a", "b", "c")
    reached += [projector.catch_up(until=2), projector.catch_up(until=99), projector.catch_up()]

    assert reached == [0, 2, 3, 3]


def test_views_stop_where_they_are_told(projector: Projector, journal: Journal, engine: Engine):
    """Nothing after that place is folded."""
    _bind(journal, "a", "b", "c")

    projector.catch_up(until=2)

    assert set(_positions(engine).values()) == {2}


def test_views_at_the_head_cost_one_question(projector: Projector, journal: Journal, watched: list[str]):
    """Every listing catches up first, so that must be next to nothing where there is nothing to do."""
    _bind(journal, "a")
    projector.catch_up()
    watched.clear()

    projector.catch_up()

    assert [statement.split()[0] for statement in watched if not statement.startswith("BEGIN")] == ["SELECT"]


def test_to_catch_up_again_changes_nothing(projector: Projector, journal: Journal, engine: Engine):
    """No event is folded twice."""
    _bind(journal, "a", "b")
    projector.catch_up()
    before = content_digest(engine, "audit")

    projector.catch_up()

    assert content_digest(engine, "audit") == before


def test_a_page_ends_when_its_time_is_up(engine: Engine, log: EventLog, journal: Journal, watched: list[str]):
    """Each page commits what it has, and the next one goes on from there."""
    seconds = count()
    projector = Projector(engine, log, projections=[HookView], monotonic=lambda: float(next(seconds)))
    projector.catch_up()
    _bind(journal, *(f"h{number}" for number in range(2 * STEP_EVENTS + 1)))
    watched.clear()

    projector.catch_up()

    assert len([statement for statement in watched if statement.startswith("UPDATE generation SET pos")]) == 3
    assert _positions(engine) == {"hook": 2 * STEP_EVENTS + 1}


def test_views_at_different_places_come_together(engine: Engine, log: EventLog, journal: Journal):
    """Those behind are brought up to those ahead first, and none sees an event twice."""
    _bind(journal, "a", "b", "c")
    Projector(engine, log, projections=[FragileView]).catch_up(until=2)
    Projector(engine, log, projections=[HookView]).catch_up(until=1)

    Projector(engine, log, projections=[FragileView, HookView]).catch_up()

    assert _positions(engine) == {"fragile": 3, "hook": 3}
    assert _names(engine, "fragile_g1") == ["a", "b", "c"]


def test_a_decision_view_stops_right_before_what_it_cannot_take_in(
    engine: Engine, log: EventLog, journal: Journal
):
    """All before is folded and kept, nothing after is, however often it is asked."""
    _bind(journal, "a", "b", "c", "bad", "d")
    projector = Projector(engine, log, projections=[FragileView])

    for _ in range(2):
        with pytest.raises(ProjectionFailed, match="event 4: ValueError: bad is bad") as failed:
            projector.catch_up()

    assert failed.value.details == {"projection": "fragile", "position": 4}
    assert isinstance(failed.value.__cause__, ValueError)


def test_a_live_decision_view_stops_as_well(engine: Engine, log: EventLog, journal: Journal):
    """What was folded before the failure stays readable at that place."""
    _bind(journal, "a")
    projector = Projector(engine, log, projections=[FragileView])
    projector.catch_up()
    _bind(journal, "b", "bad", "c")

    with pytest.raises(ProjectionFailed):
        projector.catch_up()

    assert _positions(engine) == {"fragile": 3 - 1}
    assert _names(engine, "fragile_g1") == ["a", "b"]


def test_other_views_go_on_when_one_fails(engine: Engine, log: EventLog, journal: Journal):
    """An auditor can still read while a decision view stands still."""
    projector = Projector(engine, log, projections=[FragileView, HookView])
    projector.catch_up()
    _bind(journal, "a", "bad", "b")

    reached = projector.catch_up(needs=["hook"])

    assert reached == 3
    assert _positions(engine) == {"fragile": 1, "hook": 3}


def test_a_view_that_cannot_be_built_does_not_hold_up_the_others(
    engine: Engine, log: EventLog, journal: Journal
):
    """The first look at a log with a bad event still shows what can be shown."""
    _bind(journal, "bad")
    projector = Projector(engine, log, projections=[FragileView, HookView])

    assert projector.catch_up(needs=["hook"]) == 1
    assert _positions(engine) == {"hook": 1}


def test_a_failure_that_is_mended_is_behind(engine: Engine, log: EventLog, journal: Journal):
    """A program that can take the event in goes on right there."""
    _bind(journal, "a")
    Projector(engine, log, projections=[FragileView]).catch_up()
    _bind(journal, "bad", "c")
    with pytest.raises(ProjectionFailed):
        Projector(engine, log, projections=[FragileView]).catch_up()

    class Mended(FragileView):
        """It takes in every name."""

        def _bound(self, fact, rows):
            rows.add(self.names, position=fact.position, hook_id=fact.event.hook_id)

    Projector(engine, log, projections=[Mended]).catch_up()

    assert _names(engine, "fragile_g1") == ["a", "bad", "c"]


def test_a_report_goes_on_without_what_it_cannot_take_in(engine: Engine, log: EventLog, journal: Journal):
    """Exactly the bad events are left out, and each is pointed at."""
    _bind(journal, *(f"a{n}" for n in range(40)), "bad-1", *(f"b{n}" for n in range(40)), "bad-2", "c")

    Projector(engine, log, projections=[FragileReport]).catch_up()

    with reading(engine) as connection:
        buried = [tuple(row) for row in connection.execute(select(DEAD_LETTER))]
    assert buried == [
        ("report", 1, 41, "ValueError: bad-1 is bad"),
        ("report", 1, 82, "ValueError: bad-2 is bad"),
    ]
    assert len(_names(engine, "fragile_g1")) == 81


def test_a_row_that_the_database_refuses_is_the_event_s_fault(
    engine: Engine, log: EventLog, journal: Journal
):
    """A conflict in a view says nothing of SQL, and costs a report one event."""
    _bind(journal, "same")
    journal.append([journal.stamp().on(HookBound, hook_id="same", target=TARGET)])

    Projector(engine, log, projections=[FragileReport]).catch_up()

    with reading(engine) as connection:
        buried = connection.execute(select(DEAD_LETTER.c.position, DEAD_LETTER.c.error)).one()
    assert buried.position == 2
    assert "INSERT" not in buried.error


def test_a_world_in_which_nothing_can_be_folded_buries_nothing(
    engine: Engine, log: EventLog, journal: Journal
):
    """A missing table is no fault of an event: no report is emptied by it."""
    projector = Projector(engine, log, projections=[FragileReport])
    projector.catch_up()
    _bind(journal, "a", "b")
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE fragile_g1"))

    with pytest.raises(ViewDamaged):
        projector.catch_up()

    assert _positions(engine) == {"report": 0}


def test_an_event_of_an_unknown_type_stops_decisions(views: Views, log: EventLog):
    """A log that a newer program has written is not half understood."""
    log.append([NewEvent(stream_id("hook", "new"), 1, "HookImproved@1", b"{}")])

    with pytest.raises(ProjectionFailed, match="unknown type 'HookImproved@1'"):
        views.hooks()

    assert views.audit() == []


class ShortLog:
    """A log that was cut off, or swapped for an older copy."""

    def __init__(self, log: EventLog, head: int) -> None:
        self._log = log
        self._head = head
        self.blob: Callable[[bytes], bytes] = log.blob

    def read(self, after: int, limit: int) -> Sequence[RecordedEvent]:
        return [row for row in self._log.read(after, limit) if row.position <= self._head]

    def head(self) -> int:
        return self._head


def test_a_log_that_is_shorter_than_its_views_is_an_alarm(engine: Engine, log: EventLog, journal: Journal):
    """Views never run ahead of their log; where they seem to, the log has lost events."""
    _bind(journal, "a", "b", "c")
    Projector(engine, log).catch_up()

    with pytest.raises(LogDamaged, match="folded 3 events, but the log has 2"):
        Projector(engine, ShortLog(log, 2)).catch_up()
    with pytest.raises(LogDamaged, match="folded 3 events, but the log has 2"):
        Projector(engine, ShortLog(log, 2)).rebuild()


def test_a_new_version_of_a_view_is_built_before_it_is_used(engine: Engine, log: EventLog, journal: Journal):
    """Rows that other code has made are not mixed with those of this one."""
    _bind(journal, "a", "b")
    Projector(engine, log, projections=[FragileView]).catch_up()

    Projector(engine, log, projections=[FragileViewTwo]).catch_up()

    with reading(engine) as connection:
        rows = [(row.number, row.version, row.status) for row in connection.execute(select(GENERATION))]
    assert sorted(rows) == [(1, 1, "retired"), (2, 2, "live")]
    assert _names(engine, "fragile_g2") == ["a", "b"]


def test_a_new_version_never_goes_behind_the_old_one(engine: Engine, log: EventLog, journal: Journal):
    """Asked for less than is folded already, it is built as far as readers have seen."""
    _bind(journal, "a", "b", "c")
    Projector(engine, log, projections=[FragileView]).catch_up()

    Projector(engine, log, projections=[FragileViewTwo]).catch_up(until=1)

    assert _positions(engine) == {"fragile": 3}


def test_a_new_version_that_fails_leaves_the_old_one(engine: Engine, log: EventLog, journal: Journal):
    """A view is replaced by one that knows as much, or not at all."""
    _bind(journal, "a", "good", "c")

    class Strict(FragileViewTwo):
        """It cannot take in what the old version could."""

        def _bound(self, fact, batch):
            assert fact.event.hook_id != "good"
            super()._bound(fact, batch)

    Projector(engine, log, projections=[FragileView]).catch_up()

    with pytest.raises(ProjectionFailed, match="event 2: AssertionError"):
        Projector(engine, log, projections=[Strict]).catch_up(until=1)

    assert _positions(engine) == {"fragile": 3}


def test_an_older_program_leaves_newer_views_alone(engine: Engine, log: EventLog):
    """Two versions of Palyra at one database do not rebuild each other's views for ever."""
    Projector(engine, log, projections=[FragileViewTwo]).catch_up()

    with pytest.raises(DatabaseTooNew):
        Projector(engine, log, projections=[FragileView]).catch_up()


def test_views_that_this_program_does_not_know_are_left_alone(
    engine: Engine, log: EventLog, journal: Journal
):
    """A user's own view in the same database stays where it is."""
    Projector(engine, log, projections=[FragileView]).catch_up()
    _bind(journal, "a")

    Projector(engine, log, projections=[HookView]).catch_up()

    assert _positions(engine) == {"fragile": 0, "hook": 1}
