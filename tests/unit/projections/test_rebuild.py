from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from sqlalchemy import Engine, inspect

from palyra_events.hook import HookBound, HookDisabled
from palyra_events.store import EventLog
from projections import (
    PROJECTIONS,
    ProjectionFailed,
    Projector,
    RebuildRunning,
    Status,
    UnknownProjection,
    Views,
    content_digest,
)
from projections.engine import reading
from tests.fragile_view import FragileReport, FragileView
from tests.journal import Journal
from tests.sample_events import TARGET

#: the query for the names of the indexes of a generation
INDEXES_OF = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'hook_g{}'",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename = 'hook_g{}'",
}

NAMES = [projection.name for projection in PROJECTIONS]

#: starts to rebuild all views and is killed when the first page is folded
KILLED = """
import os, signal, sys
from palyra_events.store import EventLog
from projections import Projector, filling, open_engine

filling.FILL_EVENTS = 50
log = EventLog.open(sys.argv[1])
projector = Projector(open_engine(log.url), log)
projector.rebuild(progress=lambda position, head: position and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.fixture
def folded(journal: Journal, projector: Projector) -> Projector:
    """A log with some history, and views at its head."""
    for number in range(60):
        journal.add(HookBound, hook_id=f"h{number}", target=TARGET, reason=f"reason {number}")
        journal.add(HookDisabled, hook_id=f"h{number}")
    projector.catch_up()
    return projector


def _tables(engine: Engine, name: str) -> list[str]:
    with reading(engine) as connection:
        return sorted(
            table for table in inspect(connection).get_table_names() if table.startswith(f"{name}_g")
        )


def _standing(views: Views, name: str) -> list[tuple[int, Status]]:
    return [(status.generation, status.state) for status in views.status() if status.name == name]


def test_a_rebuilt_view_is_the_live_one_again(folded: Projector, engine: Engine):
    """The same log gives the same rows, row by row."""
    before = {name: content_digest(engine, name) for name in NAMES}

    folded.rebuild()

    assert {name: content_digest(engine, name) for name in NAMES} == before
    assert {name: content_digest(engine, name, 1) for name in NAMES} == before


def test_only_the_views_that_are_named_are_rebuilt(folded: Projector, views: Views):
    """The others keep their generation, and a name said twice counts once."""
    folded.rebuild(["hook", "hook"])

    assert (_standing(views, "hook"), _standing(views, "audit")) == ([(2, Status.LIVE)], [(1, Status.LIVE)])


def test_the_generation_before_is_kept_and_older_ones_are_dropped(folded: Projector, engine: Engine):
    """There is always one to go back to, and never more."""
    folded.rebuild(["hook"])
    kept = _tables(engine, "hook")
    folded.rebuild(["hook"])

    assert kept == ["hook_g1", "hook_g2"]
    assert _tables(engine, "hook") == ["hook_g2", "hook_g3"]


def test_an_unknown_view_begins_nothing(folded: Projector, views: Views):
    """A typing error among the names leaves all views as they are."""
    with pytest.raises(UnknownProjection, match="'hocks'"):
        folded.rebuild(["audit", "hocks"])

    assert _standing(views, "audit") == [(1, Status.LIVE)]


def test_the_log_and_the_live_views_stay_in_use(folded: Projector, views: Views, journal: Journal):
    """What is appended and read meanwhile is neither refused nor lost."""
    seen = []

    def use(position: int, head: int) -> None:
        journal.add(HookBound, hook_id=f"late{len(seen)}", target=TARGET)
        seen.append(len(views.hooks()))

    folded.rebuild(["hook"], use)

    assert seen == [61, 62, *range(63, 61 + len(seen))]
    assert len(views.hooks()) == 60 + len(seen)
    assert _standing(views, "hook") == [(2, Status.LIVE)]


def test_progress_goes_from_the_start_to_the_end(folded: Projector):
    """It tells where it is and where it will end."""
    told = []

    folded.rebuild(["audit"], lambda position, head: told.append((position, head)))

    assert (told[0], told[-1]) == ((0, 120), (120, 120))


def test_a_rebuild_that_is_killed_leaves_nothing(
    folded: Projector, engine: Engine, log: EventLog, views: Views
):
    """Who comes next drops what was begun; the live view was in use all the time."""
    before = content_digest(engine, "hook")
    killed = subprocess.run([sys.executable, "-c", KILLED, log.url], check=False)
    left = _standing(views, "hook")

    Projector(engine, log)

    assert killed.returncode == -signal.SIGKILL
    assert left == [(1, Status.LIVE), (2, Status.BUILDING)]
    assert (_standing(views, "hook"), _tables(engine, "hook")) == ([(1, Status.LIVE)], ["hook_g1"])
    assert content_digest(engine, "hook") == before


def test_a_rebuild_that_stopped_half_way_is_begun_anew(folded: Projector, engine: Engine, views: Views):
    """Its tables are dropped, and nothing of them is in the new ones."""

    def stop(position: int, head: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folded.rebuild(["audit"], stop)
    folded.rebuild(["audit"])

    assert _tables(engine, "audit") == ["audit_g1", "audit_g2"]
    assert content_digest(engine, "audit", 1) == content_digest(engine, "audit", 2)


def test_only_one_rebuild_runs_at_a_time(folded: Projector, engine: Engine, log: EventLog, views: Views):
    """A second one is told so, and leaves alone what the first one is building."""
    refused = []

    def overtake(position: int, head: int) -> None:
        with pytest.raises(RebuildRunning) as caught:
            Projector(engine, log).rebuild(["audit"], wait_s=0)
        refused.append(caught.value.code)

    folded.rebuild(["audit"], overtake)

    assert set(refused) == {"REBUILD_RUNNING"}
    assert _standing(views, "audit") == [(2, Status.LIVE)]


def test_a_view_that_fails_stays_and_the_others_are_new(
    engine: Engine, log: EventLog, journal: Journal, views: Views
):
    """A rebuild that meets a bad event does not take away what was there."""
    journal.add(HookBound, hook_id="a", target=TARGET)
    projector = Projector(engine, log, projections=[FragileView, *PROJECTIONS])
    projector.catch_up()
    journal.add(HookBound, hook_id="bad", target=TARGET)

    with pytest.raises(ProjectionFailed):
        projector.rebuild()

    assert _standing(views, "fragile") == [(1, Status.LIVE), (2, Status.BUILDING)]
    assert _standing(views, "hook") == [(2, Status.LIVE)]


def test_a_build_that_an_event_stopped_is_carried_on_with(engine: Engine, log: EventLog, journal: Journal):
    """Who waits for a view that failed does not fold all events before that one again and again."""
    for name in ("a", "bad", "c"):
        journal.add(HookBound, hook_id=name, target=TARGET)
    for _ in range(2):
        with pytest.raises(ProjectionFailed):
            Projector(engine, log, projections=[FragileView]).catch_up()

    assert _tables(engine, "fragile") == ["fragile_g1"]


@pytest.mark.parametrize("rows_max", [0, 7])
def test_memory_is_bounded_and_the_rows_are_the_same(
    folded: Projector, engine: Engine, monkeypatch: pytest.MonkeyPatch, rows_max: int
):
    """What does not fit into memory is written out and looked up again."""
    monkeypatch.setattr("projections.filling.ROWS_IN_MEMORY_MAX", rows_max)
    monkeypatch.setattr("projections.filling.FILL_EVENTS", 11)

    folded.rebuild()

    for name in NAMES:
        assert content_digest(engine, name, 1) == content_digest(engine, name, 2)


def test_indexes_are_the_same_when_they_are_made_first(
    folded: Projector, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    """A view over a very long log has all that another one has."""
    monkeypatch.setattr("projections.rebuild.INDEXES_LAST_EVENTS_MAX", 10)

    folded.rebuild(["hook"])

    with reading(engine) as connection:
        query = INDEXES_OF[connection.dialect.name]
        found = [
            {name.replace(f"_g{n}", "") for (name,) in connection.exec_driver_sql(query.format(n))}
            for n in (1, 2)
        ]
    assert found[0] == found[1]
    assert len(found[0]) == 4


def test_a_report_is_rebuilt_without_what_it_cannot_take_in(
    engine: Engine, log: EventLog, journal: Journal, views: Views
):
    """The event is pointed at, and all others are there."""
    for name in ("a", "bad", "c"):
        journal.add(HookBound, hook_id=name, target=TARGET)
    projector = Projector(engine, log, projections=[FragileReport])
    projector.catch_up()

    projector.rebuild()

    (status,) = views.status()
    assert (status.generation, status.rows, status.dead_letters) == (2, 2, 1)
