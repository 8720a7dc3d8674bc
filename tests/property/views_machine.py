"""Everything that can happen to a log and to its views, as rules of a machine that tries them at random."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import count
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, func, select

from palyra_events import delivery as deliveries
from palyra_events.application import Application, Intent, Loaded
from palyra_events.blob import keep
from palyra_events.delivery import Delivery, DeliveryScheduled, Failure
from palyra_events.effect import Effects, SurfaceForm, SurfaceOutput, message_id
from palyra_events.errors import PalyraError
from palyra_events.hook import Target
from palyra_events.lifecycle import HookEventKind
from palyra_events.registry import REGISTRY
from palyra_events.skill import SkillInstalled
from palyra_events.tool_run import SUCCESS, ToolRun
from projections import (
    PROJECTIONS,
    NothingToGoBackTo,
    Projector,
    Views,
    can_keep,
    drop_builds,
    roll_back,
    verify,
)
from projections.engine import reading
from projections.generation import GENERATION
from tests.dying import dying
from tests.journal import Journal
from tests.past_views import PastViews, listings, rows_at
from tests.ready_databases import ReadyDatabase
from tests.sample_events import BARE_STAMP, BINDING, EFFECTS, INVOCATION, MOMENT, SAMPLES

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
#: what plugins say of surfaces: pages, changes that fit some of them, and what nobody can show
SHOWN = [
    (SurfaceForm.DOCUMENT, b'{"v":1,"components":[{"type":"list","id":"l","props":{"items":["a"]}}]}'),
    (SurfaceForm.DOCUMENT, b'{"v":1,"components":[{"type":"text"},{"type":"hologram"}]}'),
    (SurfaceForm.DOCUMENT, b'{"v":2}'),
    (SurfaceForm.PATCH, b'{"v":1,"ops":[{"op":"add","path":"/components/0/props/items/-","value":"b"}]}'),
    (SurfaceForm.PATCH, b'{"v":1,"ops":[{"op":"remove","path":"/components/1"}]}'),
]
INSTALLED = next(each.full for each in SAMPLES if isinstance(each.full, SkillInstalled))

steps = st.tuples(st.integers(0, 11), st.sampled_from(OUTCOMES))
hooks, plugins = st.sampled_from(HOOKS), st.sampled_from(PLUGINS)


def some_of(names: Sequence[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    """Return what draws so many of some views at the most."""
    return st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True)


class LogAndViews(RuleBasedStateMachine):
    """One log, its views, and everything that can be done to both."""

    #: where they are, and where a part of the log is folded by itself
    database: ClassVar[ReadyDatabase]
    past: ClassVar[PastViews]
    #: how many views there are at the most, besides the clock; each sequence has others
    views_max: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.log = self.database.renew()
        ticks = count()
        self.app = Application(
            self.log,
            now=lambda: MOMENT + timedelta(seconds=next(ticks)),
            entropy=lambda size: next(ticks).to_bytes(size),
        )
        self.steps = count()
        self.triggers, self.runs = count(1), count(1)
        self.scheduled: list[str] = []

    @property
    def views(self) -> Views:
        """The views as they are."""
        return Views(self.database.engine, self.projector).as_is

    def _projector(self, engine: Engine) -> Projector:
        # A clock that leaps ends each page after its first step.
        return Projector(
            engine, self.log, projections=self.kept_views, monotonic=lambda: float(next(self.steps))
        )

    def teardown(self) -> None:
        """Compare everything at the end; then nobody has the database open."""
        try:
            self.compare(self.log.head(), self.names)
            self.check(self.names)
        finally:
            self.log.close()

    def _die(self, after: int, act: Callable[[Projector], object]) -> None:
        """Let a process do something, and kill it when it has asked so often; then begin anew."""
        with dying(self.database.engine, after) as engine:
            act(self._projector(engine))
        self.projector = self._projector(self.database.engine)

    def _try(self, command: Callable[[], object]) -> None:
        """Do what the rules allow; what they refuse leaves nothing behind."""
        with suppress(PalyraError):
            command()

    @initialize(data=st.data(), work=st.lists(steps, min_size=4, max_size=12))
    def there_is_work(self, data: st.DataObject, work: list[tuple[int, str]]) -> None:
        """Begin with some views, and with work to do, which chance would take long to come to."""
        drawn = data.draw(some_of([view.name for view in PROJECTIONS], self.views_max))
        # A moment is a position by the clock.
        self.kept_views = [view for view in PROJECTIONS if view.name in {*drawn, "clock"}]
        self.names = [view.name for view in self.kept_views]
        self.projector = self._projector(self.database.engine)
        self.past.begin(self.log, self.kept_views)
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
        change = {
            "ok": partial(self.app.success, delivery, INVOCATION, EFFECTS, WHO, []),
            "skip": partial(self.app.skip, delivery, "plugin_unbound", 1, WHO),
        }.get(outcome, partial(self.app.failure, delivery, Failure(outcome), WHO))
        if outcome in COURSES:
            self._try(partial(self.app.change_deliveries, COURSES[outcome], [delivery], WHO))
        else:
            self._try(lambda: self.app.commit_each([change()]))

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

    @rule(
        plugin=st.sampled_from(["echo", "p"]),
        surface=st.sampled_from(["desk", "board", None]),
        said=st.lists(st.sampled_from(SHOWN), min_size=1, max_size=4),
    )
    def show(self, plugin: str, surface: str | None, said: list[tuple[SurfaceForm, bytes]]) -> None:
        """Let a plugin say something of a surface, which may be another one's."""
        for form, content in said:
            reference, blob = keep(content)
            shown = SurfaceOutput(surface=surface, form=form, content=reference)
            run = ToolRun(
                invocation_id=next(self.runs).to_bytes(16).hex(),
                tool_id="acme.echo",
                approved=False,
                outcome=SUCCESS,
                message="",
                invocation=INVOCATION.model_copy(update={"plugin_id": plugin}),
                effects=Effects(surface=shown),
            )
            self.app.record_tool_run(run, WHO, [blob])

    @precondition(lambda self: "surface" in self.names)
    @rule(data=st.data())
    def close_surface(self, data: st.DataObject) -> None:
        """Put away something that was shown, perhaps once more."""
        self.projector.catch_up()
        if rows := self.views.surfaces():
            self.app.close_surface(data.draw(st.sampled_from(rows)).surface, WHO)

    @rule(data=st.data())
    def fold(self, data: st.DataObject) -> None:
        """Fold as far as somebody needs it."""
        self.projector.catch_up(data.draw(st.integers(0, self.log.head())))

    @rule(after=st.integers(0, 60))
    def die_while_folding(self, after: int) -> None:
        """Be killed with a page half written."""
        self._die(after, Projector.catch_up)

    @rule(data=st.data())
    def rebuild(self, data: st.DataObject) -> None:
        self.projector.rebuild(data.draw(some_of(self.names)))

    @rule(data=st.data())
    def rebuild_from(self, data: st.DataObject) -> None:
        """Keep rows of views that can keep them, and fold what came later."""
        self.projector.catch_up()
        names, start = data.draw(some_of(self._keeping())), data.draw(st.integers(0, self.log.head()))
        self.projector.rebuild(names, start=start)

    @rule(data=st.data(), after=st.integers(0, 120))
    def die_while_rebuilding(self, data: st.DataObject, after: int) -> None:
        names = data.draw(some_of(self.names))
        self._die(after, lambda projector: projector.rebuild(names))

    @rule(data=st.data(), after=st.integers(0, 60))
    def die_while_keeping_rows(self, data: st.DataObject, after: int) -> None:
        self.projector.catch_up()
        names, start = data.draw(some_of(self._keeping())), data.draw(st.integers(1, self.log.head()))
        self._die(after, lambda projector: projector.rebuild(names, start=start))

    @rule(data=st.data(), after=st.integers(0, 20))
    def die_while_going_back(self, data: st.DataObject, after: int) -> None:
        name = data.draw(st.sampled_from(self.names))
        self._die(after, partial(self._go_back, name))

    @rule(data=st.data(), after=st.integers(0, 20), with_live=st.booleans())
    def die_while_dropping(self, data: st.DataObject, after: int, *, with_live: bool) -> None:
        name = data.draw(st.sampled_from(self.names))
        self._die(after, lambda projector: drop_builds(projector.folder, name, with_live=with_live, wait_s=0))

    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.names))
        self.projector.catch_up()
        self._go_back(name, self.projector)

    def _go_back(self, name: str, projector: Projector) -> None:
        with suppress(NothingToGoBackTo):
            roll_back(projector.folder, *projector.views_named([name]), wait_s=0)

    @rule(data=st.data(), with_live=st.booleans())
    def drop(self, data: st.DataObject, *, with_live: bool) -> None:
        name = data.draw(st.sampled_from(self.names))
        drop_builds(self.projector.folder, name, with_live=with_live, wait_s=0)
        self.projector.catch_up()

    def _keeping(self) -> list[str]:
        return [view.name for view in self.kept_views if can_keep(view)]

    @rule(data=st.data())
    def the_past_is_what_a_fold_up_to_there_gives(self, data: st.DataObject) -> None:
        position = data.draw(st.integers(self.past.position, self.log.head()))
        self.compare(position, data.draw(some_of(self.names)))

    def compare(self, position: int, names: Sequence[str]) -> None:
        """Compare the rows and listings of a position with those of views that know nothing later."""
        self.projector.catch_up()
        self.past.advance(position)

        assert rows_at(self.projector, position, names) == self.past.rows(names)
        assert listings(self.views, position, names) == listings(self.past.views, None, names)

    @rule(seconds=st.integers(0, 60))
    def a_moment_is_the_last_position_with_nothing_later(self, seconds: int) -> None:
        moment = MOMENT + timedelta(seconds=seconds)
        self.projector.catch_up()
        times = [REGISTRY.decode(row.topic, row.state).timestamp for row in self.log.read(0, 10_000)]
        later = (position for position, time in enumerate(times) if time > moment)

        assert self.views.position_at(moment) == next(later, len(times))

    @rule(data=st.data())
    def live_is_what_the_log_gives(self, data: st.DataObject) -> None:
        self.check(data.draw(some_of(self.names)))

    def check(self, names: Sequence[str]) -> None:
        """Compare live rows with those of a rebuild."""
        self.projector.catch_up()
        verdicts = verify(self.projector.folder, self.projector.views_named(names), wait_s=0)

        assert [each for verdict in verdicts for each in verdict.differences] == []

    @invariant()
    def no_view_is_further_than_the_log(self) -> None:
        with reading(self.database.engine, as_one=False) as connection:
            furthest = connection.scalar(select(func.max(GENERATION.c.position)))

        assert (furthest or 0) <= self.log.head()
