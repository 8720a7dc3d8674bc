"""Whatever happens to a log and to its views, and in whatever order: live, rebuilt and past rows agree.

What was so at a position is what a fresh database holds that has folded the log up to there, row by
row and byte by byte. Folding stops in the middle, processes die, and builds come and go meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from palyra_events import delivery as deliveries
from palyra_events.application import Application, Intent, Loaded
from palyra_events.delivery import Delivery, DeliveryScheduled, Failure
from palyra_events.effect import message_id
from palyra_events.errors import PalyraError
from palyra_events.hook import Target
from palyra_events.lifecycle import HookEventKind
from palyra_events.registry import REGISTRY
from palyra_events.skill import SkillInstalled
from palyra_events.store import EventLog
from projections import NothingToGoBackTo, Projector, Views, open_engine, roll_back, verify
from projections.engine import reading
from projections.fact import ScannedRow
from projections.generation import Status, generations
from projections.projection import Projection
from tests.journal import Journal
from tests.sample_events import BARE_STAMP, BINDING, EFFECTS, INVOCATION, MOMENT, SAMPLES
from tests.scale import scaled

WHO = Intent("operator:alice", "a reason")
HOOKS, PLUGINS = ("a", "b", "c"), ("p", "q")
KINDS = (HookEventKind.SkillEnabled, HookEventKind.GatewayStartup)
COURSES = {
    "cancel": deliveries.cancel_delivery,
    "discard": deliveries.discard_delivery,
    "requeue": deliveries.requeue_delivery,
    "retry": deliveries.retry_delivery,
}
#: of attempts and of people, the likely ones more often
OUTCOMES = ["ok", "ok", "skip", "worker_lost", "denied", *COURSES]
INSTALLED = next(each.full for each in SAMPLES if isinstance(each.full, SkillInstalled))

steps = st.tuples(st.integers(0, 11), st.sampled_from(OUTCOMES))
hooks, plugins = st.sampled_from(HOOKS), st.sampled_from(PLUGINS)


class Crash(BaseException):
    """The process is gone: nothing that it has not committed is there."""


class CutLog:
    """A log that ends at a position, as it was then."""

    def __init__(self, log: EventLog, end: int) -> None:
        self._log, self._end = log, end
        self.blobs = log.blobs

    def scan(self, after: int, limit: int) -> Sequence[ScannedRow]:
        """Return events up to the end."""
        return self._log.scan(after, min(limit, self._end - after)) if after < self._end else []

    def head(self) -> int:
        """Return the end."""
        return self._end


@contextmanager
def folded_up_to(log: EventLog, position: int) -> Iterator[Views]:
    """Views in a database of their own that know the log up to a position."""
    with TemporaryDirectory() as folder, ExitStack() as closing:
        fresh = closing.enter_context(EventLog.open(f"sqlite:///{Path(folder) / 'past.db'}"))
        engine = open_engine(fresh.url)
        closing.callback(engine.dispose)
        projector = Projector(engine, CutLog(log, position))
        projector.rebuild()
        yield Views(engine, projector)


def rows_at(engine: Engine, projector: Projector, position: int | None) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of all temporal tables as they hold now, or held after an event.

    What is told only of rows that hold now, and how long they held, is left out.
    """
    found = {}
    with reading(engine) as connection:
        for generation in generations(connection, Status.LIVE):
            view: Projection = projector.folder.projections[generation.projection].of(generation.number)
            for temporal in view.temporals:
                if not temporal.keeps_history:
                    continue
                columns = [
                    c for c in temporal.table.c if c.name not in {"valid_to", *temporal.while_it_holds}
                ]
                query = select(*columns).where(temporal.after(position))
                name = temporal.table.name.rpartition("_g")[0]
                found[name] = sorted(map(repr, connection.execute(query)))
    return found


def listings(views: Views, at: int | None) -> dict[str, list[Any]]:
    """Return what people see; how long a row held is known only afterwards."""
    return {
        "delivery": views.deliveries(at=at, limit=1000),
        "message": views.messages(at=at, limit=1000),
        "plugin": views.plugins(at=at),
        "skill": views.skills(at=at),
        "storage": [value for plugin in (*PLUGINS, "echo") for value in views.stored_values(plugin, at=at)],
        "use": [views.storage_use(plugin, at) for plugin in (*PLUGINS, "echo")],
        "decision": views.decisions(at=at),
    }


class LogAndViews(RuleBasedStateMachine):
    """One log, its views, and everything that can be done to both."""

    url: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.log = EventLog.open(self.url())
        self.engine = open_engine(self.log.url)
        ticks = count()
        self.app = Application(
            self.log,
            now=lambda: MOMENT + timedelta(seconds=next(ticks)),
            entropy=lambda size: next(ticks).to_bytes(size),
        )
        self.steps = count()
        self.projector = self._projector()
        self.views = Views(self.engine, self.projector)
        self.triggers = count(1)
        self.scheduled: list[str] = []

    def _projector(self) -> Projector:
        # A clock that leaps ends each page after its first step.
        return Projector(self.engine, self.log, monotonic=lambda: float(next(self.steps)))

    def teardown(self) -> None:
        self.engine.dispose()
        self.log.close()

    def _try(self, command: Callable[[], object]) -> None:
        """Do what the rules allow; what they refuse leaves nothing behind."""
        with suppress(PalyraError):
            command()

    @initialize(work=st.lists(steps, min_size=4, max_size=12))
    def there_is_work(self, work: list[tuple[int, str]]) -> None:
        """Begin with work to do, which chance would take long to come to."""
        Journal(self.log).append([INSTALLED])
        self.schedule(5)
        self.schedule(0)
        self.carry_out(work)

    @rule(hook=hooks, kind=st.sampled_from(KINDS), plugin=plugins)
    def bind_hook(self, hook: str, kind: HookEventKind, plugin: str) -> None:
        self._try(lambda: self.app.bind_hook(hook, Target(event_kind=kind, plugin_id=plugin), WHO))

    @rule(hook=hooks, change=st.sampled_from(["enable_hook", "disable_hook", "unbind_hook"]))
    def change_hook(self, hook: str, change: str) -> None:
        self._try(lambda: getattr(self.app, change)(hook, WHO))

    @rule(plugin=plugins)
    def bind_plugin(self, plugin: str) -> None:
        self._try(lambda: self.app.bind_plugin(plugin, BINDING, WHO))

    @rule(plugin=plugins, change=st.sampled_from(["enable_plugin", "disable_plugin"]))
    def change_plugin(self, plugin: str, change: str) -> None:
        self._try(lambda: getattr(self.app, change)(plugin, WHO))

    @rule(plugin=plugins)
    def unbind_plugin(self, plugin: str) -> None:
        self._try(lambda: self.app.unbind_plugin(plugin, [], WHO))

    @rule(back_s=st.integers(0, 30))
    def schedule(self, back_s: int) -> None:
        """Schedule for an event of the past, whose time the deliveries bear; two of them share a line."""
        position = next(self.triggers)
        scheduled = [
            BARE_STAMP.on(
                DeliveryScheduled,
                delivery_id=f"{position}:{hook}",
                event_position=position,
                event_kind=KINDS[0],
                hook_id=hook,
                plugin_id="echo",
                ordering_key="hook:c" if hook == "c" else "plugin:echo",
                attempts_max=2,
            ).model_copy(update={"timestamp": MOMENT - timedelta(seconds=back_s)})
            for hook in HOOKS
        ]
        self.app.schedule_deliveries(scheduled, position)
        self.scheduled += [event.delivery_id for event in scheduled]

    @rule(work=st.lists(steps, min_size=2, max_size=6))
    def carry_out(self, work: list[tuple[int, str]]) -> None:
        for number, outcome in work:
            self._carry_out(self.app.delivery(self.scheduled[number % len(self.scheduled)]), outcome)

    def _carry_out(self, delivery: Loaded[Delivery], outcome: str) -> None:
        record = {
            "ok": partial(self.app.record_success, delivery, INVOCATION, EFFECTS, WHO, []),
            "skip": partial(self.app.skip_delivery, delivery, "plugin_unbound", 1, WHO),
        }.get(outcome, partial(self.app.record_failure, delivery, Failure(outcome), WHO))
        if outcome in COURSES:
            record = partial(self.app.change_deliveries, COURSES[outcome], [delivery], WHO)
        self._try(record)

    @rule(data=st.data(), end=st.sampled_from(["record_sent", "discard_message"]))
    def send(self, data: st.DataObject, end: str) -> None:
        outcomes = [
            row.position for row in self.log.read(0, 1000) if row.topic.startswith("AttemptSucceeded")
        ]
        if not outcomes:
            return
        message = self.app.message(message_id(data.draw(st.sampled_from(outcomes)), 0))
        more = ("ops",) if end == "record_sent" else ()
        self._try(lambda: getattr(self.app, end)(message, *more, WHO))

    @rule(data=st.data())
    def fold(self, data: st.DataObject) -> None:
        """Fold as far as somebody needs it."""
        self.projector.catch_up(data.draw(st.integers(0, self.log.head())))

    @rule(pages=st.integers(0, 3))
    def die_while_folding(self, pages: int) -> None:
        """Be killed after some looks at the clock, with a page half written."""
        looks = iter(range(2 * pages + 1))

        def monotonic() -> float:
            if next(looks, None) is None:
                raise Crash
            return float(next(self.steps))

        with suppress(Crash):
            Projector(self.engine, self.log, monotonic=monotonic).catch_up()
        self.projector = self._projector()
        self.views = Views(self.engine, self.projector)

    @rule()
    def rebuild(self) -> None:
        self.projector.rebuild()

    @rule(at=st.integers(0, 2))
    def die_while_rebuilding(self, at: int) -> None:
        told = iter(range(at))

        def progress(_position: int, _until: int) -> None:
            if next(told, None) is None:
                raise Crash

        with suppress(Crash):
            self.projector.rebuild(progress=progress)

    @rule(name=st.sampled_from(["hook", "delivery", "audit"]))
    def go_back(self, name: str) -> None:
        self.projector.catch_up()
        with suppress(NothingToGoBackTo):
            roll_back(self.projector.folder, *self.projector.views_named([name]), wait_s=0)

    @rule(data=st.data())
    def the_past_is_what_a_fold_up_to_there_gives(self, data: st.DataObject) -> None:
        position = data.draw(st.integers(0, self.log.head()))
        self.projector.catch_up()
        with folded_up_to(self.log, position) as past:
            assert listings(self.views, position) == listings(past, None)
            then = rows_at(past._engine, past._projector, None)
        assert rows_at(self.engine, self.projector, position) == then

    @rule(seconds=st.integers(0, 60))
    def a_moment_is_the_last_position_with_nothing_later(self, seconds: int) -> None:
        moment = MOMENT + timedelta(seconds=seconds)
        times = [REGISTRY.decode(row.topic, row.state).timestamp for row in self.log.read(0, 10_000)]
        later = (position for position, time in enumerate(times) if time > moment)

        assert self.views.position_at(moment) == next(later, len(times))

    @rule()
    def live_is_what_the_log_gives(self) -> None:
        self.projector.catch_up()
        verdicts = verify(self.projector.folder, self.projector.views_named(), wait_s=0)
        assert [each for verdict in verdicts for each in verdict.differences] == []

    @invariant()
    def no_view_is_further_than_the_log(self) -> None:
        assert {row.position <= row.head for row in self.views.status()} <= {True}


@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_live_rebuilt_and_past_rows_agree(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
):
    """After any sequence of commands, crashes and rebuilds."""

    def url() -> str:
        if backend == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('views') / 'palyra.db'}"
        return str(request.getfixturevalue("postgres").schema())

    machine = type("LogAndViewsHere", (LogAndViews,), {"url": staticmethod(url)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=scaled(30 if backend == "sqlite" else 5, 20_000 if backend == "sqlite" else 2_000),
            stateful_step_count=scaled(50, 100),
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
