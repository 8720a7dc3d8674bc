from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from tests.crash.victim import POLICY, SKILLS
from tests.dice import Dice
from tests.history import Figures, check_history, check_views
from tests.scale import scaled
from tests.stage import Stage, answering, guest

#: a life ends after so many acknowledged events at the most, one life in five before the first,
ACKNOWLEDGED_MAX = 28
#: and so many seconds at the most
DELAY_S = 0.040
#: milliseconds for which the guest spins that does not return: many a kill meets it
SPIN_MS = 20
#: lives over one database: a long log makes each check long
LIVES_PER_DATABASE = 20


@dataclass(frozen=True, slots=True)
class Maker:
    """The process that makes lives: see `tests.crash.victim`."""

    orders: IO[str]
    words: IO[str]

    def order(self, *parts: object) -> None:
        """Order a life."""
        self.orders.write("\t".join(map(str, parts)) + "\n")
        self.orders.flush()

    def hear(self) -> list[str]:
        """Return its next words."""
        return self.words.readline().split()


@pytest.fixture(scope="module")
def maker() -> Iterator[Maker]:
    """The maker of lives, which has imported everything."""
    command = [sys.executable, "-m", "tests.crash.victim"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ready = Maker(process.stdin, process.stdout)
        assert ready.hear() == ["ready"]
        yield ready
        process.stdin.close()


@dataclass(slots=True)
class Lives:
    """Lives over one database, and what they were acknowledged: an event by its position."""

    maker: Maker
    stage: Stage
    dice: Dice
    count: int = 0
    acknowledged: dict[int, list[str]] = field(default_factory=dict)

    def kill_one(self) -> None:
        """Let a process live up to a random moment, kill it, and keep what it was acknowledged."""
        self.count += 1
        self.maker.order(self.stage.url, self.stage.folder, self.count, f"{self.dice.seed}/{self.count}")
        born, pid = self.maker.hear()
        assert born == "born"
        for _ in range(max(0, int((self.dice.fraction() * 1.25 - 0.25) * ACKNOWLEDGED_MAX))):
            self._keep(self.maker.hear())
        time.sleep(self.dice.fraction() * DELAY_S)
        os.kill(int(pid), signal.SIGKILL)
        while (words := self.maker.hear())[0] != "dead":
            self._keep(words)
        assert words[1] == str(-signal.SIGKILL), "the life ended before it was killed"

    def _keep(self, words: list[str]) -> None:
        told, position, *event = words
        assert told == "ack"
        self.acknowledged[int(position)] = event

    def check(self) -> Figures:
        """Check that all that was acknowledged is there, and that the log is in order."""
        rows = self.stage.log.read(0, 10**9)
        there = {row.position: [str(row.stream_id), str(row.version), row.topic] for row in rows}
        assert self.acknowledged.items() <= there.items()
        return check_history(self.stage.log)

    def finish(self) -> None:
        """Carry out all that is left, as an operator would who comes back a month later."""
        self.stage.clock.move(days=30)
        dispatcher = self.stage.dispatcher()
        while dispatcher.drain().waiting:
            self.stage.clock.move(hours=2)


def set_the_scene(stage: Stage) -> None:
    """Install a good guest and three that are not, each with a hook, and write their next releases."""
    guests = (answering(0, '{"result":1}', "fine"), guest("patient"), answering(64), guest("spin"))
    slow = {"quotas": {"fuel_budget": POLICY.fuel_budget, "wall_clock_timeout_ms": SPIN_MS}}
    for number, (skill, module) in enumerate(zip(SKILLS, guests, strict=True)):
        stage.ready(module, hook=f"hook{number}", plugin=skill, skill_id=skill, capabilities=slow)
        for version in ("1.1.0", "1.2.0", "1.3.0"):
            stage.pack(module, skill, version, capabilities=slow)


def kill_and_check(maker: Maker, url: str, folder: Path, seed: str) -> None:
    """Kill lives over one database; check after each, and once more when all is carried out."""
    with Stage(url, folder, policy=POLICY) as stage:
        set_the_scene(stage)
        lives = Lives(maker, stage, Dice(seed))
        for number in range(1, LIVES_PER_DATABASE + 1):
            lives.kill_one()
            lives.check()
            if number % 5 == 0:
                check_views(stage.log)
        lives.finish()
        figures = lives.check()
        check_views(stage.log)
        assert not [row for row in stage.views.deliveries(limit=10**6) if row.is_open]
        assert stage.standing_leases() == []
    sys.stdout.write(
        f"seed {seed}: {lives.count} kills, {len(lives.acknowledged)} events acknowledged, {figures.events} "
        f"in the log; {figures.outcomes.total()} outcomes: {dict(figures.outcomes)}; "
        f"{figures.invoked_again} attempts after a lost one\n"
    )
    assert figures.outcomes


@pytest.mark.slow
@pytest.mark.parametrize("part", range(scaled(20, 400)))
def test_nothing_is_lost_and_nothing_is_twice_over_kill_9(maker, part, tmp_path):
    """Twenty processes are killed at random moments: every acknowledged event and outcome is there, once."""
    kill_and_check(maker, f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, f"sqlite-{part}")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("part", range(scaled(5, 100)))
def test_nothing_is_lost_and_nothing_is_twice_over_kill_9_of_a_client(maker, postgres, part, tmp_path):
    """The same with twenty clients of a PostgreSQL server, whose sessions die with them."""
    kill_and_check(maker, postgres.schema(), tmp_path, f"postgresql-{part}")
