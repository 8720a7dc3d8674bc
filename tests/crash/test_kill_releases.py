from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import IO

import pytest

from palyra_events.skill import ReleaseState
from tests.crash.releaser import SKILLS
from tests.dice import Dice
from tests.history import check_history, check_views
from tests.release_history import check_releases
from tests.scale import scaled
from tests.stage import Stage, answering

#: on each of the two databases
KILLS = scaled(30, 250)
#: a life ends after so many acknowledged events at the most, one life in five before the first,
ACKNOWLEDGED_MAX = 16
#: and so many seconds at the most
DELAY_S = 0.060
#: bytes of the larger modules: enough that a kill often meets their writing
MODULE_BYTES = 400_000


def set_the_scene(stage: Stage) -> None:
    """Write four releases of two skills, and let a plugin of each have a grant."""
    for number, skill in enumerate(SKILLS):
        for version in range(4):
            module = answering(output=chr(97 + 4 * number + version) * MODULE_BYTES * (version % 2))
            stage.pack(module, skill, f"1.{version}.0")
        stage.palyra.skills.install(stage.folder / f"{skill}-1.0.0.palyra-skill", trust_on_first_use=True)
        stage.palyra.plugins.bind(skill, skill=skill)


def kill_one(orders: IO[str], words: IO[str], order: str, dice: Dice) -> dict[int, list[str]]:
    """Let a process live up to a random moment and kill it; return the events that it was acknowledged."""
    acknowledged = {}
    orders.write(f"{order}\n")
    orders.flush()
    born, pid = words.readline().split()
    assert born == "born"
    for _ in range(max(0, int((dice.fraction() * 1.25 - 0.25) * ACKNOWLEDGED_MAX))):
        _, position, *event = words.readline().split()
        acknowledged[int(position)] = event
    time.sleep(dice.fraction() * DELAY_S)
    os.kill(int(pid), signal.SIGKILL)
    while (said := words.readline().split())[0] != "dead":
        acknowledged[int(said[1])] = said[2:]
    assert said[1] == str(-signal.SIGKILL), "the life ended before it was killed"
    return acknowledged


@pytest.mark.slow
@pytest.mark.timeout(scaled(600, 1800))
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_the_store_and_the_log_agree_over_kill_9(database, request, tmp_path: Path):
    """Processes die while they install, update, roll back and remove: each of that happened wholly or not."""
    is_sqlite = database == "sqlite"
    url = f"sqlite:///{tmp_path}/palyra.db" if is_sqlite else request.getfixturevalue("postgres").schema()
    dice, acknowledged = Dice(f"releases-{database}"), dict[int, list[str]]()
    command = [sys.executable, "-m", "tests.crash.releaser"]
    with (
        Stage(url, tmp_path) as stage,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        set_the_scene(stage)
        assert process.stdout.readline() == "ready\n"
        for number in range(1, KILLS + 1):
            order = f"{url}\t{tmp_path}\t{number}\t{dice.seed}/{number}"
            acknowledged |= kill_one(process.stdin, process.stdout, order, dice)
            check_releases(stage.log)
        process.stdin.close()

        rows = stage.log.read(0, 10**6)
        there = {row.position: [str(row.stream_id), str(row.version), row.topic] for row in rows}
        assert acknowledged.items() <= there.items()
        check_history(stage.log)
        check_views(stage.log)
        folded = check_releases(stage.log)
        listed = {(row.skill_id, row.version): row.state for row in stage.palyra.skills.list(removed=True)}
        assert listed == {
            (skill.skill_id, version): release.state
            for skill in folded.values()
            for version, release in skill.releases.items()
        }
        enabled = [key for key, state in listed.items() if state is ReleaseState.ENABLED]
        assert [(each.skill_id, each.version) for each in stage.palyra.skills.reaudit()] == enabled
    kinds = Counter(topic.partition("@")[0] for *_, topic in there.values())
    sys.stdout.write(f"{database}: {KILLS} kills, {len(acknowledged)} events acknowledged: {dict(kinds)}\n")
    assert min(kinds[name] for name in ("SkillInstalled", "SkillEnabled", "SkillRemoved")) > 0
