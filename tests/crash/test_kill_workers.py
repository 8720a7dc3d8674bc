from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread, Timer
from time import monotonic

import pytest

from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryDeadLettered,
    DeliveryScheduled,
    DeliverySkipped,
)
from palyra_events.event import Event
from tests.crash.laborer import LEASE_MS, SharedClock
from tests.dice import Dice
from tests.history import Figures, check_history, check_views
from tests.scale import scaled
from tests.stage import OPEN_POLICY, Stage, answering, guest

#: of each test; there are two
EVENTS = scaled(1_000, 50_000)
#: events that are appended at once, so that there is always something to do
BATCH = 100
#: one of so many events is for the plugin that counts, as what it keeps grows with each, and for the one
#: that has to be asked three times
TOGGLES = 10
#: seconds for which a process is halted at the most: three times its lease
HALT_S_MAX = 1.0
#: what is recorded between two blows at the most; and seconds, where nobody is left to record anything
RECORDED_MAX = 12
PAUSE_S_MAX = 1.0
#: hooks by name, the events that they are for, and the order that they keep
HOOKS = {
    "steady": ("gateway:startup", "hook"),
    "patient": ("skill:disabled", "none"),
    "tally": ("skill:enabled", "hook"),
}
#: the skill that is enabled again and again
TOGGLED = "acme.toggled"


@dataclass(slots=True)
class Laborer:
    """A worker process: its life at the moment, and what it has said."""

    process: subprocess.Popen[str]
    pid: int | None = None
    said: list[list[str]] = field(default_factory=list)

    def listen(self) -> None:
        """Keep what it says until it is gone."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told, *words = line.split()
            self.pid = int(words[0]) if told == "born" else None if told == "dead" else self.pid
            self.said.append([told, *words])

    def strike(self, blow: signal.Signals) -> bool:
        """Send a signal to its life, if it has one at the moment."""
        pid = self.pid
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, blow)
        return True


@contextmanager
def laborers(url: str, start: float, number: int) -> Iterator[list[Laborer]]:
    """Let so many processes work, and end them all."""
    command = [sys.executable, "-m", "tests.crash.laborer", url, str(start)]
    workers = [
        Laborer(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True))
        for _ in range(number)
    ]
    listeners = [Thread(target=worker.listen) for worker in workers]
    for listener in listeners:
        listener.start()
    try:
        yield workers
    finally:
        for worker, listener in zip(workers, listeners, strict=True):
            os.killpg(worker.process.pid, signal.SIGKILL)
            listener.join()
            worker.process.communicate()


def harass(stage: Stage, workers: Sequence[Laborer], dice: Dice) -> Counter[str]:
    """Schedule events, and kill and halt workers, until all is carried out."""
    blows: Counter[str] = Counter()
    scheduler, fired, timers = stage.scheduler(), 0, list[Timer]()
    while fired < EVENTS or stage.views.open_deliveries():
        if fired < EVENTS and stage.views.open_deliveries() < 2 * BATCH:
            fire(stage)
            fired += BATCH
            scheduler.catch_up()
        stage.log.wait(stage.log.head() + dice.pick(range(RECORDED_MAX)), PAUSE_S_MAX)
        victim = dice.pick(workers)
        if dice.fraction() < 0.5:
            blows["killed"] += victim.strike(signal.SIGKILL)
        elif victim.strike(signal.SIGSTOP):
            blows["halted"] += 1
            pid = victim.pid
            timers.append(Timer(dice.fraction() * HALT_S_MAX, wake, [pid]))
            timers[-1].start()
    for timer in timers:
        timer.join()
    return blows


def fire(stage: Stage) -> None:
    """Let happen what hooks react to."""
    for number in range(BATCH):
        if number % TOGGLES:
            stage.fire()
        else:
            stage.palyra.skills.disable(TOGGLED)
            stage.palyra.skills.enable(TOGGLED)


def wake(pid: int | None) -> None:
    """Let a halted process go on, if nobody killed it meanwhile."""
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def set_the_scene(stage: Stage) -> None:
    """A hook that keeps its order, one that does not and fails twice, and one whose plugin counts."""
    stage.ready(answering(), hook="steady", plugin="steady", skill_id="acme.steady")
    stage.ready(guest("patient"), hook="patient", plugin="patient", skill_id="acme.patient")
    stage.ready_with_effects(guest("tally"), hook="tally", plugin="tally")
    stage.install(answering(), TOGGLED)
    stage.palyra.skills.enable(TOGGLED)
    for hook, (event, ordering) in HOOKS.items():
        stage.palyra.hooks.bind(hook, event=event, plugin=hook, ordering=ordering, attempts_max=5)


def check_model(stage: Stage, workers: Sequence[Laborer], figures: Figures) -> Counter[str]:
    """Hold the whole history against what is promised, and return what was counted."""
    events = stage.events()
    recorded = [
        (event.delivery_id, event.attempt)
        for event in events
        if isinstance(event, AttemptSucceeded | AttemptFailed)
    ]
    said = [words for worker in workers for words in worker.said]
    began = Counter((words[1], int(words[2])) for words in said if words[0] == "began")
    # Each attempt is made once, whoever makes it, and each that was made is visible.
    assert max(began.values()) == 1
    assert set(began) <= set(recorded)
    assert len(recorded) == len(set(recorded))
    check_order(events)
    check_tally(stage, events)
    deaths = {words[1] for words in said if words[0] == "dead"}
    assert deaths <= {str(-signal.SIGKILL)}, "a worker ended by itself"
    refused = said.count(["refused"])
    return Counter(invoked=len(began), recorded=len(recorded), refused=refused, **figures.outcomes)


def check_order(events: Sequence[Event]) -> None:
    """Deliveries of one ordering key come to their ends in the order of events."""
    scheduled = {event.delivery_id: event for event in events if isinstance(event, DeliveryScheduled)}
    ended: dict[str, list[int]] = {}
    for event in events:
        if isinstance(event, AttemptSucceeded | DeliveryDeadLettered | DeliverySkipped):
            of = scheduled[event.delivery_id]
            ended.setdefault(of.ordering_key, []).append(of.event_position)
    assert sum(map(len, ended.values())) == len(scheduled)
    for positions in ended.values():
        assert positions == sorted(positions)


def check_tally(stage: Stage, events: Sequence[Event]) -> None:
    """Each success of the plugin that counts has counted one further than the one before."""
    runs = [event.invocation for event in events if isinstance(event, AttemptSucceeded)]
    outputs = [stage.document(run.output.sha256) for run in runs if run.plugin_id == "tally"]
    assert [len(output["result"]["ok"]["value"]) for output in outputs] == list(range(1, len(outputs) + 1))


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(scaled(1200, 36_000))
@pytest.mark.parametrize("number", [2, 4])
def test_workers_that_are_killed_and_halted_record_each_outcome_once(number, postgres, tmp_path: Path):
    """Over SIGKILL and SIGSTOP each outcome is recorded once, in order, and each attempt is visible."""
    start = monotonic()
    with Stage(
        postgres.schema(), tmp_path, policy=OPEN_POLICY, clock=SharedClock(start), lease_ms=LEASE_MS
    ) as stage:
        set_the_scene(stage)
        with laborers(stage.url, start, number) as workers:
            blows = harass(stage, workers, Dice(f"{number} workers"))
        figures = check_history(stage.log)
        check_views(stage.log)
        counted = check_model(stage, workers, figures)
    sys.stdout.write(f"{number} workers: {EVENTS} events, {dict(blows)}, {dict(counted)}\n")
    assert counted["ok"] > 0
