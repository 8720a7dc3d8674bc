"""What must be true of a log whatever happened to the processes that wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from palyra_events import hook as hooks
from palyra_events import plugin as plugins
from palyra_events.application import SCHEDULER_CONSUMER
from palyra_events.blob import BlobRef
from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryHastened,
    DeliveryRequeued,
    DeliveryScheduled,
    DeliverySkipped,
    DeliveryState,
)
from palyra_events.event import Event
from palyra_events.hook import Hook, HookBound, HookDisabled, HookEnabled, HookRebound, HookUnbound
from palyra_events.ledger import leaf_hash
from palyra_events.plugin import (
    Plugin,
    PluginBound,
    PluginDisabled,
    PluginEnabled,
    PluginRebound,
    PluginShowedSurface,
    PluginUnbound,
)
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY
from palyra_events.schedule import schedule
from palyra_events.store import EventLog
from palyra_runtime.replay import ReplayReport, Stretch
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.reading import Reading
from palyra_runtime.replay.rerun import unlike_the_right
from projections import PROJECTIONS, Projector, content_digest, open_engine

_OF_A_HOOK = (HookBound, HookRebound, HookEnabled, HookDisabled, HookUnbound)
_OF_A_PLUGIN = (
    PluginBound,
    PluginRebound,
    PluginEnabled,
    PluginDisabled,
    PluginUnbound,
    PluginShowedSurface,
)
_OF_AN_ATTEMPT = (AttemptSucceeded, AttemptFailed)
_LAST = (AttemptSucceeded, DeliveryDeadLettered, DeliverySkipped, DeliveryCancelled)
_BETWEEN = (DeliveryRequeued, DeliveryHastened)


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the log, decoded."""

    row: RecordedEvent
    event: Event


@dataclass(slots=True)
class Figures:
    """What was counted while checking."""

    events: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    invoked_again: int = 0


def check_history(log: EventLog) -> Figures:
    """Check that the log contradicts none of its promises, and return what is in it."""
    lines = [Line(row, REGISTRY.decode(row.topic, row.state)) for row in log.read(0, 10_000_000)]
    check_rows(lines)
    check_scheduling(lines, log.position(SCHEDULER_CONSUMER))
    check_implied(log)
    figures = Figures(len(lines))
    deliveries: dict[str, list[Event]] = {}
    for line in lines:
        if isinstance(line.event, (*_OF_AN_ATTEMPT, *_LAST, *_BETWEEN, DeliveryScheduled)):
            deliveries.setdefault(line.event.delivery_id, []).append(line.event)
    for events in deliveries.values():
        check_delivery(events, figures)
    for line in lines:
        check_blobs(line.event, log)
    return figures


def check_implied(log: EventLog) -> None:
    """Every step that the engine took is one that a replay derives from the log, without running anything."""
    report, past = ReplayReport(1, log.head()), Past()
    reading = Reading(log, past, Stretch(1, report.last))
    for run in reading.runs(report):
        assert unlike_the_right(run, past) == ()
    reading.finish(report)
    assert report.findings == []


def check_rows(lines: Sequence[Line]) -> None:
    """Positions have no gap, versions of each stream neither, and each leaf is that of its row."""
    assert [line.row.position for line in lines] == list(range(1, len(lines) + 1))
    versions: Counter[UUID] = Counter()
    for line in lines:
        versions[line.row.stream_id] += 1
        assert line.row.version == versions[line.row.stream_id]
        assert line.row.leaf == leaf_hash(*line.row[:5])


def check_scheduling(lines: Sequence[Line], scheduled_until: int) -> None:
    """What was scheduled is what the pure rule says, event by event, with hooks folded from the log alone."""
    expected = [delivery for delivery in _replayed(lines) if delivery.event_position <= scheduled_until]
    recorded = [line.event for line in lines if isinstance(line.event, DeliveryScheduled)]
    assert recorded == expected
    positions = [line.row.position for line in lines if isinstance(line.event, DeliveryScheduled)]
    for _, append in groupby(zip(positions, recorded, strict=True), lambda each: each[1].event_position):
        places = [position for position, _ in append]
        assert places == list(range(places[0], places[0] + len(places)))


def _replayed(lines: Sequence[Line]) -> Iterator[DeliveryScheduled]:
    bound: dict[str, Hook] = {}
    known: dict[str, Plugin] = {}
    for line in lines:
        yield from schedule(
            line.row.position, line.event, bound.values(), lambda name: known.get(name, Plugin(name))
        )
        if isinstance(line.event, _OF_A_HOOK):
            hook_id = line.event.hook_id
            bound[hook_id] = hooks.evolve(bound.get(hook_id, Hook(hook_id)), line.event)
        if isinstance(line.event, _OF_A_PLUGIN):
            plugin_id = line.event.plugin_id
            known[plugin_id] = plugins.evolve(known.get(plugin_id, Plugin(plugin_id)), line.event)


def check_delivery(events: Sequence[Event], figures: Figures) -> None:
    """A delivery is scheduled once, has one outcome for each attempt 1, 2, …, and ends once in each round."""
    scheduled, *rest = events
    assert isinstance(scheduled, DeliveryScheduled)
    attempts = [event for event in rest if isinstance(event, _OF_AN_ATTEMPT)]
    assert [event.attempt for event in attempts] == list(range(1, len(attempts) + 1))
    for number, opened, told in rounds(rest):
        assert opened is None or opened.round == number
        check_round(told, scheduled.attempts_max)
    names = [
        event.outcome if isinstance(event, AttemptFailed) else event.invocation.outcome for event in attempts
    ]
    figures.outcomes.update(names)
    figures.invoked_again += sum(1 for name in names[:-1] if name == "worker_lost")


def rounds(events: Sequence[Event]) -> Iterator[tuple[int, DeliveryRequeued | None, list[Event]]]:
    """Yield the rounds of a delivery from 1 on, each with what opened it and what it came to."""
    number, opened, told = 1, None, list[Event]()
    for event in events:
        if isinstance(event, DeliveryRequeued):
            yield number, opened, told
            number, opened, told = number + 1, event, []
        elif not isinstance(event, DeliveryHastened):
            told.append(event)
    yield number, opened, told


def check_round(told: Sequence[Event], attempts_max: int) -> None:
    """A round has at most so many attempts and one end; a dead letter may be discarded after it."""
    if told and isinstance(told[-1], DeliveryCancelled) and told[-1].was is DeliveryState.DEAD:
        told = told[:-1]
        assert isinstance(told[-1], DeliveryDeadLettered)
    attempts = [event for event in told if isinstance(event, _OF_AN_ATTEMPT)]
    assert len(attempts) <= attempts_max
    assert all(isinstance(event, AttemptFailed) and event.retry_at for event in told[:-2])
    assert not any(isinstance(event, _LAST) for event in told[:-1])
    if told and isinstance(told[-1], DeliveryDeadLettered):
        assert attempts[-1].retry_at is None
        assert told[-1].attempts == attempts[-1].attempt


def check_blobs(event: Event, log: EventLog) -> None:
    """Every document that an outcome names lies beside the log, as it was recorded."""
    run = event.invocation if isinstance(event, _OF_AN_ATTEMPT) else None
    for name in ("input", "output", "logs", "transcript") if run else ():
        reference = getattr(run, name)
        if isinstance(reference, BlobRef):
            reference.check(log.blob(reference.digest))
    if isinstance(event, AttemptSucceeded):
        values = [write.value for write in event.effects.storage]
        shown = event.effects.surface and event.effects.surface.content
        for reference in [*values, *(each.message for each in event.effects.messages), shown]:
            if reference is not None:
                reference.check(log.blob(reference.digest))
    if event.reason is not None:
        event.reason.open(log.blob(event.reason.digest))


def check_views(log: EventLog) -> None:
    """The views, brought up to date, hold what a rebuild from the first event on holds."""
    engine = open_engine(log.url)
    try:
        projector = Projector(engine, log)
        projector.catch_up()
        names = [projection.name for projection in PROJECTIONS]
        live = {name: content_digest(engine, name) for name in names}
        projector.rebuild()
        assert {name: content_digest(engine, name) for name in names} == live
    finally:
        engine.dispose()
