from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select, update

from palyra_events.hook import HookBound, HookDisabled, HookUnbound
from palyra_events.store import EventLog
from projections import PROJECTIONS, DeadLetter, Projector, RowsNotKept, can_keep, content_digest, writing
from projections.audit import AuditView
from projections.dead_letter import dead_letters
from projections.engine import reading
from projections.generation import GENERATION
from tests.fragile_view import FragileReport, FragileView
from tests.journal import Journal
from tests.sample_events import TARGET

KEPT = [view.name for view in PROJECTIONS if can_keep(view)]


@pytest.fixture
def folded(journal: Journal, projector: Projector) -> Projector:
    """A log with an event of each type and some hooks that came and went, and views at its head."""
    for number in range(40):
        journal.add(HookBound, hook_id=f"h{number}", target=TARGET, reason=f"reason {number}")
        journal.add(HookUnbound if number % 3 else HookDisabled, hook_id=f"h{number}")
    projector.catch_up()
    return projector


@pytest.mark.parametrize("start", [1, 41, 79, 80])
def test_a_build_that_begins_later_is_the_same(folded: Projector, engine: Engine, start: int):
    """Wherever it begins, it holds what a build from the first event on holds, byte for byte."""
    before = {name: content_digest(engine, name) for name in KEPT}

    folded.rebuild(KEPT, start=start)

    assert {name: content_digest(engine, name) for name in KEPT} == before
    assert {status for (status,) in _statuses(engine)} == {"live", "retired"}


def test_rows_of_before_are_kept_and_later_ones_are_made_anew(folded: Projector, engine: Engine):
    """What somebody changed before that event is so still, and what came after it is right again."""
    audit = AuditView.of(1).audit
    with writing(engine) as connection:
        connection.execute(update(audit).where(audit.c.position.in_([40, 41])).values(summary="forged"))

    folded.rebuild(["audit"], start=40)

    audit = AuditView.of(2).audit
    with reading(engine) as connection:
        forged = select(audit.c.position).where(audit.c.summary == "forged")
        assert (
            connection.scalars(forged).all(),
            connection.scalar(select(func.count()).select_from(audit)),
        ) == (
            [40],
            80,
        )


def test_progress_begins_where_the_rows_end(folded: Projector):
    """Only what came later is folded."""
    told: list[tuple[int, int]] = []

    folded.rebuild(["hook"], lambda position, until: told.append((position, until)), start=60)

    assert (told[0], told[-1]) == ((60, 80), (80, 80))


@pytest.mark.parametrize("name", ["bindings", "fault"])
def test_rows_that_tell_no_past_are_not_kept(folded: Projector, engine: Engine, name: str):
    """A view that keeps only what is now has to be built from the first event on."""
    with pytest.raises(RowsNotKept, match="they do not tell what they were"):
        folded.rebuild(["audit", name], start=40)

    assert _statuses(engine) == [("live",)] * len(PROJECTIONS)


def test_rows_of_other_code_are_not_kept(folded: Projector, engine: Engine):
    """They may be what that code made of the events before."""
    with writing(engine) as connection:
        connection.execute(update(GENERATION).values(code_hash="x"))

    with pytest.raises(RowsNotKept, match="other code has made them"):
        folded.rebuild(["hook"], start=40)


def test_rows_that_are_not_there_yet_are_not_kept(folded: Projector, journal: Journal):
    """A view that is behind does not know what came after."""
    journal.add(HookDisabled, hook_id="h0")

    with pytest.raises(RowsNotKept, match="it has only come to position 80"):
        folded.rebuild(["hook"], start=81)


def test_dead_letters_of_before_are_kept(engine: Engine, log: EventLog, journal: Journal):
    """Their events are not folded again; one of later is tried again, and cannot be taken in again."""
    for name in ("bad1", "a", "bad2"):
        journal.add(HookBound, hook_id=name, target=TARGET)
    projector = Projector(engine, log, projections=[FragileReport])
    projector.catch_up()
    letters = dead_letters(engine)

    projector.rebuild(start=2)

    assert dead_letters(engine) == letters
    assert letters == [
        DeadLetter("report", 1, "ValueError: bad1 is bad"),
        DeadLetter("report", 3, "ValueError: bad2 is bad"),
    ]


def test_large_tables_are_copied_in_parts(folded: Projector, engine: Engine, monkeypatch: pytest.MonkeyPatch):
    """On SQLite others can write between two of them."""
    monkeypatch.setattr("projections.keeping._ROWS_PER_COPY", 7)
    before = {name: content_digest(engine, name) for name in KEPT}

    folded.rebuild(KEPT, start=50)

    assert {name: content_digest(engine, name) for name in KEPT} == before


def test_nearly_every_view_can_be_kept():
    """These are the ones that keep only what is now; a view of one's own can be kept as well."""
    assert {view.name for view in PROJECTIONS} - set(KEPT) == {"bindings", "fault"}
    assert can_keep(FragileView)


def _statuses(engine: Engine) -> list[tuple[str]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(GENERATION.c.status))]
