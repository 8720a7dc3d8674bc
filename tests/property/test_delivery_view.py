"""The view of deliveries says what their events say, in whatever order these come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palyra_events import delivery as deliveries
from palyra_events.application import Application, Intent
from palyra_events.delivery import DeliveryScheduled, Failure
from palyra_events.errors import IllegalTransition
from palyra_events.lifecycle import HookEventKind
from palyra_events.store import EventLog
from projections import DeliveryRow, Projector, Views, content_digest, open_engine
from tests.sample_events import BARE_STAMP, EFFECTS, INVOCATION, MOMENT

#: the deliveries of one line, by the order in which they were scheduled
LINE = (0, 1)

COURSES = {
    "cancel": deliveries.cancel_delivery,
    "discard": deliveries.discard_delivery,
    "requeue": deliveries.requeue_delivery,
    "retry": deliveries.retry_delivery,
}
ENDS = ("ok", "skip", "worker_lost", "denied")

steps = st.lists(st.tuples(st.sampled_from(LINE), st.sampled_from([*COURSES, *ENDS])), max_size=24)


class Lines:
    """A log with one line of two deliveries for each example; what one of them does, no other sees."""

    def __init__(self, url: str) -> None:
        self.log, ticks = EventLog.open(url), count()
        self.engine = open_engine(url)
        self.views = Views(self.engine, Projector(self.engine, self.log))
        self.app = Application(
            self.log,
            now=lambda: MOMENT + timedelta(seconds=next(ticks)),
            entropy=lambda size: next(ticks).to_bytes(size),
        )
        self._positions = count(1)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        self.log.close()

    def begin(self) -> list[str]:
        """Schedule the deliveries of a line of their own, and return their ids."""
        key = f"hook:h{next(self._positions)}"
        return [self._schedule(f"h{place}", key) for place in LINE]

    def _schedule(self, hook_id: str, key: str) -> str:
        position = next(self._positions)
        scheduled = BARE_STAMP.on(
            DeliveryScheduled,
            delivery_id=f"{position}:{hook_id}",
            event_position=position,
            event_kind=HookEventKind.SkillEnabled,
            hook_id=hook_id,
            plugin_id="echo",
            ordering_key=key,
            attempts_max=2,
        )
        self.app.schedule_deliveries([scheduled], position)
        return scheduled.delivery_id

    def take(self, delivery_id: str, step: str) -> None:
        """Do a step, where the rules allow it."""
        delivery, intent = self.app.delivery(delivery_id), Intent("operator:alice", "a reason")
        outcome = {
            "ok": partial(self.app.success, delivery, INVOCATION, EFFECTS, intent, []),
            "skip": partial(self.app.skip, delivery, "plugin_unbound", 1, intent),
        }.get(step, partial(self.app.failure, delivery, Failure(step), intent))
        try:
            if step in COURSES:
                self.app.change_deliveries(COURSES[step], [delivery], intent)
            else:
                self.app.commit_each([outcome()])
        except IllegalTransition:
            assert step in COURSES or not delivery.state.state.is_open

    def rows(self, ids: list[str]) -> list[DeliveryRow]:
        """Return what the view says."""
        return [self.views.delivery(delivery_id) for delivery_id in ids]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def lines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lines]:
    """One database for all examples: each works in a line of its own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('lines') / 'palyra.db'}"
    else:
        url = request.getfixturevalue("postgres").schema()
    opened = Lines(url)
    yield opened
    opened.close()


@settings(deadline=None, database=None, max_examples=60)
@given(sequence=steps)
def test_the_view_of_a_line_is_the_fold_of_its_events(lines: Lines, sequence):
    """Two deliveries of one key, in any interleaving: each row is its aggregate, and the oldest is next."""
    ids = lines.begin()
    for place, step in sequence:
        lines.take(ids[place], step)

    rows = lines.rows(ids)

    for row in rows:
        state = lines.app.delivery(row.delivery_id).state
        assert (row.state, row.is_open) == (state.state, state.state.is_open)
        assert (row.round, row.attempts, row.attempts_before) == (
            state.round,
            state.attempts,
            state.attempts_before,
        )
        assert row.retry_at == state.retry_at
    waiting = [row.delivery_id for row in rows if row.is_open]
    assert [row.delivery_id for row in rows if row.is_next] == waiting[:1]


def test_a_rebuild_of_all_lines_is_what_was_folded(lines: Lines):
    """Whatever was done to them: from the first event on, the same rows come out."""
    for place in LINE:
        ids = lines.begin()
        for step in ("worker_lost", "retry", "denied", "requeue", "cancel", "requeue", "skip"):
            lines.take(ids[place], step)
    lines.rows(ids)
    folded = content_digest(lines.engine, "delivery")

    Projector(lines.engine, lines.log).rebuild(["delivery"])

    assert content_digest(lines.engine, "delivery") == folded
