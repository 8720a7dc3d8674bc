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
    Status,
    UnknownProjection,
    Views,
    content_digest,
)
from projections.engine import reading
from tests.fragile_view import FragileView
from tests.journal import Journal
from tests.sample_events import TARGET

NAMES = [projection.name for projection in PROJECTIONS]

#: starts to rebuild all views and is killed when the first page is folded
KILLED = """
import os, signal, sys
from itertools import count
from palyra_events.store import EventLog
from projections import Projector, open_engine

log = EventLog.open(sys.argv[1])
seconds = count()
projector = Projector(open_engine(log.url), log, monotonic=lambda: float(next(seconds)))
projector.rebuild(progress=lambda position, head: position and os.kill(os.getpid(), signal.SIGKILL))
"""


#: in place of a rebuild: what a first start does, with a progress to be killed at
FIRST_START = """
from projections import PROJECTIONS
from projections.rebuild import rebuild
rebuild(projector._folder, PROJECTIONS, from_scratch=False, """


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


@pytest.mark.parametrize("again", ["rebuild", "catch_up"])
def test_a_rebuild_that_is_killed_leaves_the_live_views(
    folded: Projector, engine: Engine, log: EventLog, views: Views, again: str
):
    """The next rebuild begins anew; until then nobody notices."""
    before = content_digest(engine, "hook")
    killed = subprocess.run([sys.executable, "-c", KILLED, log.url], check=False)
    left = _standing(views, "hook")

    getattr(folded, again)()

    assert killed.returncode == -signal.SIGKILL
    assert left == [(1, Status.LIVE), (2, Status.BUILDING)]
    assert content_digest(engine, "hook") == before
    assert _standing(views, "hook") == ([(2, Status.LIVE)] if again == "rebuild" else left)


def test_a_rebuild_that_stopped_half_way_is_begun_anew(folded: Projector, engine: Engine, views: Views):
    """Its tables are dropped, and nothing of them is in the new ones."""

    def stop(position: int, head: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folded.rebuild(["audit"], stop)
    folded.rebuild(["audit"])

    assert _tables(engine, "audit") == ["audit_g1", "audit_g2"]
    assert content_digest(engine, "audit", 1) == content_digest(engine, "audit", 2)


def test_two_rebuilds_at_once_end_as_one(folded: Projector, engine: Engine, views: Views):
    """Who finds that somebody else has begun again carries on with that, or has nothing left to do."""
    overtaken: list[int] = []

    def overtake(position: int, head: int) -> None:
        if not overtaken:
            overtaken.append(position)
            folded.rebuild(["audit"])

    folded.rebuild(["audit"], overtake)

    assert _standing(views, "audit") == [(2, Status.LIVE)]
    assert content_digest(engine, "audit", 1) == content_digest(engine, "audit", 2)


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


def test_a_half_built_generation_is_carried_on_with(
    engine: Engine, log: EventLog, journal: Journal, views: Views
):
    """The first start over a long log, killed half-way, is not begun from the first event again."""
    for number in range(120):
        journal.add(HookBound, hook_id=f"h{number}", target=TARGET)
    script = KILLED.replace("projector.rebuild(", FIRST_START)
    subprocess.run([sys.executable, "-c", script, log.url], check=False)
    left = views.status()

    Projector(engine, log).catch_up()

    assert {(status.state, status.generation, status.position) for status in left} == {
        (Status.BUILDING, 1, 50)
    }
    assert _standing(views, "hook") == [(1, Status.LIVE)]
    assert len(views.audit(limit=200)) == 120
