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

from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.message import MessageSent
from tests.dice import Dice
from tests.history import check_history, check_views
from tests.stage import OPEN_POLICY, PLUGIN, Stage, guest

KILLS = 20
#: a life ends after so many messages at the most, one life in five before the first,
SENT_MAX = 6
#: and so many seconds at the most
DELAY_S = 0.040


def kill_one(orders: IO[str], words: IO[str], order: str, dice: Dice) -> list[str]:
    """Let a process live up to a random moment and kill it; return the messages that it handed out."""
    orders.write(f"{order}\n")
    orders.flush()
    told, pid = words.readline().split()
    assert told == "born"
    awaited = max(0, int((dice.fraction() * 1.25 - 0.25) * SENT_MAX))
    sent = [words.readline().split() for _ in range(awaited)]
    time.sleep(dice.fraction() * DELAY_S)
    os.kill(int(pid), signal.SIGKILL)
    while (said := words.readline().split())[0] != "dead":
        sent.append(said)
    assert said[1] == str(-signal.SIGKILL), "the life ended before it was killed"
    return [message for _, message, _ in sent]


def finish(stage: Stage, sent: list[str]) -> None:
    """Carry out and send all that is left."""

    class Receiver:
        def send(self, outgoing):
            sent.append(outgoing.message_id)

    stage.clock.move(days=30)
    dispatcher = stage.dispatcher(ops=Receiver())
    while dispatcher.drain().waiting:
        stage.clock.move(hours=2)


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_each_effect_happens_once_over_kill_9(database, request, tmp_path: Path):
    """Twenty processes die between invoking, recording and sending: each success has its effects once."""
    is_sqlite = database == "sqlite"
    url = f"sqlite:///{tmp_path}/palyra.db" if is_sqlite else request.getfixturevalue("postgres").schema()
    dice, sent = Dice(f"effects-{database}"), list[str]()
    command = [sys.executable, "-m", "tests.crash.tallier"]
    with (
        Stage(url, tmp_path, policy=OPEN_POLICY) as stage,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        stage.ready_with_effects(guest("tally"))
        assert process.stdout.readline() == "ready\n"
        for number in range(1, KILLS + 1):
            sent += kill_one(process.stdin, process.stdout, f"{url}\t{number}", dice)
        process.stdin.close()
        finish(stage, sent)

        outcomes = stage.events(AttemptSucceeded)
        lost = [event for event in stage.events(AttemptFailed) if event.outcome == "worker_lost"]
        outputs = [stage.document(event.invocation.output.sha256) for event in outcomes]
        (kept,) = stage.views.stored_values(PLUGIN)
        shown = stage.views.surface("tally")
        recorded = [event.message_id for event in stage.events(MessageSent)]
        check_history(stage.log)
        check_views(stage.log)

        assert [len(output["result"]["ok"]["value"]) for output in outputs] == list(
            range(1, len(outcomes) + 1)
        )
        assert kept.size == len(outcomes) + 2
        assert shown.row.version == len(outcomes)
        assert shown.document["components"][0]["props"]["items"] == ["x"] * len(outcomes)
        assert stage.views.surface_problems() == []
        assert len(recorded) == len(set(recorded)) == len(outcomes)
        assert set(sent) == set(recorded)
        assert stage.views.messages() == []
    again = sum(Counter(sent).values()) - len(recorded)
    sys.stdout.write(
        f"{database}: {KILLS} kills, {len(outcomes)} successes, {len(lost)} attempts lost, "
        f"{len(recorded)} messages, {again} of them handed out again\n"
    )
