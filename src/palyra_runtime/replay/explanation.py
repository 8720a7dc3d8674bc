"""Why something is in the log and what it did, in words: what led to it, what ran, what a replay says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from palyra_events.commands.delivery import DELIVERY
from palyra_events.commands.hook import HOOK
from palyra_events.commands.plugin import PLUGIN
from palyra_events.commands.skill import SKILL
from palyra_events.decision_taken import DecisionTaken
from palyra_events.delivery import DeliveryScheduled
from palyra_events.errors import UnknownDelivery, UnknownEvent
from palyra_events.event import Event
from palyra_events.hook import HookBound, HookRebound
from palyra_events.identifiers import stream_id
from palyra_events.lifecycle import kind_of
from palyra_events.record import RecordedEvent
from palyra_events.registry import REGISTRY
from palyra_events.schedule import schedule
from palyra_events.store import EventLog
from palyra_events.store.log import POSITION_MAX
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.dispatch.guest import Run
from palyra_runtime.replay.comparison import Comparison
from palyra_runtime.replay.consequence import in_words, recorded_consequences
from palyra_runtime.replay.course import CourseCheck
from palyra_runtime.replay.decisions import decision_findings
from palyra_runtime.replay.finding import Finding
from palyra_runtime.replay.inputs import Inputs
from palyra_runtime.replay.material import Material, Materials, Missing
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import RecordedRun, Selection, recorded_runs
from palyra_runtime.replay.rerun import Replayed, Rerunner, unlike_the_right
from palyra_runtime.replay.triggers import Triggers
from palyra_runtime.wording import plural

#: returns what the event at a position says, who did it, when and why
Tell: TypeAlias = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """``why`` something came about, ``what`` it did, and what came of running that again, in sentences."""

    subject: str
    why: tuple[str, ...]
    what: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Explainer:
    """Explains what is in one log; ``run`` runs guests, and ``tell`` says what an event says."""

    def __init__(self, log: EventLog, artifacts: Artifacts, run: Run, tell: Tell) -> None:
        self._log = log
        self._tell = tell
        self._past = Past()
        self._materials = Materials(log, artifacts, self._past)
        self._inputs = Inputs(log, artifacts, self._past, Triggers(log))
        self._rerunner = Rerunner(run, Comparison(self._materials.content))

    def position(self, position: int) -> Explanation:
        """Explain the event at a position, or the delivery that it belongs to.

        Raises:
            UnknownEvent: there is no such event.
        """
        rows = self._log.read(position - 1, 1) if 0 < position <= POSITION_MAX else []
        if not rows:
            raise UnknownEvent(f"The log has no event at position {position}.", position=position)
        event = _event(rows[0])
        if delivery_id := getattr(event, "delivery_id", None):
            return self.delivery(delivery_id)
        if isinstance(event, PluginInvoked):
            return self._tool_run(position, event)
        if isinstance(event, DecisionTaken):
            return self._decision(position, event)
        return self._other(position, event)

    def delivery(self, delivery_id: str) -> Explanation:
        """Explain a delivery.

        Raises:
            UnknownDelivery: it was never scheduled.
        """
        rows = self._log.read_stream(stream_id(DELIVERY.kind, delivery_id))
        scheduled = _event(rows[0]) if rows else None
        if not isinstance(scheduled, DeliveryScheduled):
            raise UnknownDelivery(f"Delivery {delivery_id} was never scheduled.", delivery_id=delivery_id)
        self._learn([scheduled.hook_id], [scheduled.plugin_id])
        bound = self._log.read_stream(stream_id(HOOK.kind, scheduled.hook_id))
        why = [
            self._tell(scheduled.event_position),
            _hook_sentence(scheduled, bound),
            self._scheduled_sentence(rows[0].position, scheduled),
        ]
        runs, what = list[RecordedRun](), list[str]()
        for row in rows[1:]:
            found = self._runs(row.position, _event(row))
            runs += found
            what += [] if found else [self._tell(row.position)]
            what += [self._run_sentence(each) for each in self._materials.fetch(found)]
        return _with(self._explained(f"delivery {delivery_id}", why, what, runs), self._course(rows))

    def _course(self, rows: Iterable[RecordedEvent]) -> Iterator[Finding]:
        """Yield what is wrong with the course of a delivery, of which all events are given."""
        course, types = CourseCheck(self._log, self._past, Selection()), REGISTRY.types
        for row in rows:
            yield from course.look_at(row, types[row.topic])
        yield from course.finish()

    def _tool_run(self, position: int, event: PluginInvoked) -> Explanation:
        self._learn([], [event.invocation.plugin_id])
        runs = self._runs(position, event)
        what = [self._run_sentence(each) for each in self._materials.fetch(runs)]
        return self._explained(runs[0].subject, [self._tell(position)], what, runs)

    def _decision(self, position: int, event: DecisionTaken) -> Explanation:
        candidates = event.candidates
        self._learn([each.hook_id for each in candidates], [each.plugin_id for each in candidates])
        why = [self._tell(position)]
        why += [
            f"Hook {each.hook_id} of {each.plugin_id} answered {each.kind or 'nothing'}: {each.outcome}."
            for each in event.candidates
        ]
        why.append(f"The answer of hook {event.hook_id} counts: {event.kind}.")
        runs = self._runs(position, event)
        what = [self._run_sentence(each) for each in self._materials.fetch(runs)]
        explained = self._explained(f"decision {event.decision_id}", why, what, runs)
        return _with(explained, decision_findings(position, event, self._past))

    def _other(self, position: int, event: Event) -> Explanation:
        subject, kind = f"{type(event).__name__} at position {position}", kind_of(event)
        if kind is None:
            return Explanation(subject, (self._tell(position), "No hook reacts to such an event."))
        met = f"Hooks of {kind} react to it. What follows is a delivery for each that was enabled then."
        return Explanation(subject, (self._tell(position), met), tuple(self._deliveries_of(position)))

    def _deliveries_of(self, position: int) -> Iterator[str]:
        """Yield the deliveries of an event; they come after it, with its causation."""
        after, head = position, self._log.head()
        found = 0
        while after < head and (page := self._log.read(after, 1_000, head)):
            for row in page:
                event = _event(row) if row.topic.startswith(DeliveryScheduled.__name__) else None
                if isinstance(event, DeliveryScheduled) and event.event_position == position:
                    found += 1
                    at = f"at position {row.position}"
                    yield f"Delivery {event.delivery_id} for plugin {event.plugin_id}, {at}."
                elif isinstance(event, DeliveryScheduled) and event.event_position > position:
                    head = row.position
            after = page[-1].position
        if not found:
            yield "No delivery came of it: no hook of the kind was enabled, or none is scheduled yet."

    def _explained(
        self, subject: str, why: Iterable[str], what: Iterable[str], runs: list[RecordedRun]
    ) -> Explanation:
        again, findings = list[str](), list[Finding]()
        for material in self._materials.fetch(runs):
            replayed = self._rerunner.replay(material)
            told = self._inputs.check(replayed.run, self._materials.input_of(material))
            replayed = replayed.with_more((*unlike_the_right(replayed.run, self._past), *told.differences))
            again.append(_again_sentence(replayed))
            if replayed.differences:
                run = replayed.run
                findings.append(Finding(run.position, run.subject, replayed.differences))
        return Explanation(subject, tuple(why), tuple(what), tuple(again), tuple(findings))

    def _learn(self, hook_ids: Iterable[str], plugin_ids: Iterable[str]) -> None:
        """Take in the streams of hooks, of plugins, and of the skills that these ever were bound to."""
        plugins = self._log.read_streams([stream_id(PLUGIN.kind, each) for each in set(plugin_ids)])
        bindings = (getattr(_event(row), "binding", None) for row in plugins)
        skills = {binding.skill_id for binding in bindings if binding is not None}
        hooks = self._log.read_streams([stream_id(HOOK.kind, each) for each in set(hook_ids)])
        rows = self._log.read_streams([stream_id(SKILL.kind, each) for each in skills])
        for row in sorted([*hooks, *plugins, *rows], key=lambda each: each.position):
            self._past.look_at(row)

    def _runs(self, position: int, event: Event) -> list[RecordedRun]:
        return list(recorded_runs(position, type(event), event, self._past))

    def _scheduled_sentence(self, position: int, scheduled: DeliveryScheduled) -> str:
        (row,) = self._log.read_at([scheduled.event_position])
        hook = self._past.hook(scheduled.hook_id, row.position - 1)
        implied = schedule(
            row.position, _event(row), [hook], lambda plugin: self._past.plugin(plugin, row.position)
        )
        follows = "That follows from the log." if scheduled in implied else "The log does NOT imply that."
        return (
            f"So delivery {scheduled.delivery_id} was scheduled at position {position}, in the line "
            f"{scheduled.ordering_key}, for at most {plural(scheduled.attempts_max, 'attempt')}. {follows}"
        )

    def _run_sentence(self, material: Material | Missing) -> str:
        run, invocation = material.run, material.run.invocation
        if invocation is None:
            return f"{_capital(run.subject)}: nothing is known of it, because its worker ended ({run.said})."
        returned = "returned nothing" if invocation.exit_code is None else f"returned {invocation.exit_code}"
        calls = _calls(material) if isinstance(material, Material) else ""
        changes = recorded_consequences(run.effects)
        effects = f" Its effects: {in_words(changes)}." if changes else ""
        return (
            f"{_capital(run.subject)}: as of position {invocation.as_of}, {invocation.module_path} of "
            f"{invocation.skill_id} {invocation.skill_version} ran. It {returned} ({run.said}), and took "
            f"{invocation.fuel_units:,} of {invocation.limits.fuel_units:,} units of fuel.{calls}{effects} "
            f"Recorded at position {run.position}."
        )


def _event(row: RecordedEvent) -> Event:
    return REGISTRY.decode(row.topic, row.state)


def _hook_sentence(scheduled: DeliveryScheduled, rows: Iterable[RecordedEvent]) -> str:
    """Say since when the hook was bound so; rows after the event do not count."""
    before = [row for row in rows if row.position < scheduled.event_position]
    bound = [row.position for row in before if isinstance(_event(row), HookBound | HookRebound)]
    since = f"bound at position {bound[-1]}" if bound else "one that nobody binds"
    return (
        f"Hook {scheduled.hook_id}, {since}, was enabled; it brings {scheduled.event_kind} "
        f"to plugin {scheduled.plugin_id}."
    )


def _calls(material: Material) -> str:
    """Return what the guest asked its host for, each operation with its number."""
    asked = Counter(_operation(exchange.request) for exchange in material.transcript)
    if not asked:
        return " It asked its host for nothing."
    listed = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in asked.items())
    return f" It asked its host for: {listed}."


def _operation(request: bytes) -> str:
    try:
        value: Any = json.loads(request)
    except (ValueError, RecursionError):
        return "something unreadable"
    return str(value.get("op")) if isinstance(value, dict) else "something unreadable"


def _again_sentence(replayed: Replayed) -> str:
    subject = _capital(replayed.run.subject)
    if replayed.differences:
        return f"{subject}: {' '.join(each.message for each in replayed.differences)}"
    if replayed.cause is not None:
        return f"{subject} cannot be compared: {replayed.cause.replace('_', ' ')}."
    return f"{subject}, run again: the same output, exit code, host calls and fuel."


def _with(explanation: Explanation, findings: Iterable[Finding]) -> Explanation:
    return Explanation(
        explanation.subject,
        explanation.why,
        explanation.what,
        explanation.again,
        (*explanation.findings, *findings),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
