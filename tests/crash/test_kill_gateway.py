"""A gateway under load that is killed again and again: nothing is lost, and nothing is twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_events.message import MessageSent
from tests.dice import Dice
from tests.history import check_history, check_views
from tests.stage import OPEN_POLICY, PLUGIN, Stage, answering, guest

#: lives of a gateway
KILLS = {"sqlite": 50, "postgresql": 20}
#: a life ends after so many acknowledged events at the most, one life in five before the first,
ACKNOWLEDGED_MAX = 40
#: and so many seconds at the most
DELAY_S = 0.040
#: events that set off hooks, in each life
LOAD = 4


class Receiver:
    """Takes every message."""

    def __init__(self, sent: list[str]) -> None:
        self._sent = sent

    def send(self, outgoing):
        self._sent.append(outgoing.message_id)


@dataclass(slots=True)
class Gateways:
    """Gateways over one database, one after the other, and what was acknowledged to them and handed out."""

    stage: Stage
    orders: IO[str]
    words: IO[str]
    dice: Dice
    count: int = 0
    acknowledged: dict[int, list[str]] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def kill_one(self) -> None:
        """Let a gateway work under load up to a random moment, and kill it."""
        self.count += 1
        self.orders.write(f"{self.stage.url}\t{self.count}\t{self.stage.folder}\n")
        self.orders.flush()
        born, pid = self.words.readline().split()
        assert born == "born"
        for _ in range(LOAD):
            self.stage.fire()
        for _ in range(max(0, int((self.dice.fraction() * 1.25 - 0.25) * ACKNOWLEDGED_MAX))):
            self._keep(self.words.readline().split())
        time.sleep(self.dice.fraction() * DELAY_S)
        os.kill(int(pid), signal.SIGKILL)
        while (words := self.words.readline().split())[0] != "dead":
            self._keep(words)
        assert words[1] == str(-signal.SIGKILL), "the gateway ended before it was killed"

    def check(self) -> None:
        """Check that all that was acknowledged is there, and that the log is in order."""
        there = {
            row.position: [str(row.stream_id), str(row.version), row.topic]
            for row in self.stage.log.read(0, 10**9)
        }
        assert self.acknowledged.items() <= there.items()
        check_history(self.stage.log)

    def finish(self) -> None:
        """Carry out and send all that is left."""
        self.stage.clock.move(days=30)
        dispatcher = self.stage.dispatcher(ops=Receiver(self.sent))
        while dispatcher.drain().waiting:
            self.stage.clock.move(hours=2)

    def _keep(self, words: list[str]) -> None:
        told, *values = words
        if told == "sent":
            self.sent.append(values[0])
        else:
            assert told == "ack"
            self.acknowledged[int(values[0])] = values[1:]


def set_the_scene(stage: Stage) -> None:
    """Bind a plugin with effects, one that answers, and two that want or need more than one attempt."""
    stage.ready_with_effects(guest("tally"))
    for name, module in (("good", answering(0)), ("patient", guest("patient")), ("hopeless", answering(64))):
        stage.ready(module, hook=f"hook-{name}", plugin=name, skill_id=f"acme.{name}")
        # Retries wait for a day of their own, and hold up nobody.
        stage.palyra.hooks.bind(f"hook-{name}", event="gateway:startup", plugin=name, ordering="none")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_gateway_that_is_killed_loses_nothing_and_repeats_nothing(database, request, tmp_path: Path):
    """Every acknowledged event is there, every delivery has one outcome, every success its effects once."""
    is_sqlite = database == "sqlite"
    url = f"sqlite:///{tmp_path}/palyra.db" if is_sqlite else request.getfixturevalue("postgres").schema()
    command = [sys.executable, "-m", "tests.crash.gateway_victim"]
    with (
        Stage(url, tmp_path, policy=OPEN_POLICY) as stage,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        set_the_scene(stage)
        assert process.stdout.readline() == "ready\n"
        gateways = Gateways(stage, process.stdin, process.stdout, Dice(f"gateway-{database}"))
        for number in range(1, KILLS[database] + 1):
            gateways.kill_one()
            if number % 10 == 0:
                gateways.check()
        process.stdin.close()
        gateways.finish()
        gateways.check()
        check_views(stage.log)

        outcomes, lost = stage.events(AttemptSucceeded), lost_attempts(stage)
        tallied = [event for event in outcomes if event.invocation.plugin_id == PLUGIN]
        (kept,) = stage.views.stored_values(PLUGIN)
        recorded = [event.message_id for event in stage.events(MessageSent)]
        assert kept.size == len(tallied) + 2
        assert len(recorded) == len(set(recorded)) == len(tallied)
        assert set(gateways.sent) == set(recorded)
        assert stage.events(GatewayStopped) == []
        assert stage.standing_leases() == []
        starts = len(stage.events(GatewayStarted)) - LOAD * gateways.count
    sys.stdout.write(
        f"{database}: {gateways.count} kills, {starts} gateways came up, {len(gateways.acknowledged)} events "
        f"acknowledged, {len(outcomes)} successes, {len(lost)} attempts lost, {len(recorded)} messages, "
        f"{len(gateways.sent) - len(recorded)} of them handed out again\n"
    )


def lost_attempts(stage: Stage) -> list[AttemptFailed]:
    return [event for event in stage.events(AttemptFailed) if event.outcome == "worker_lost"]
