"""Killed at exactly the moments that matter: what a plugin did happens once, whichever it is."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.message import MessageSent
from tests.history import check_history, check_views
from tests.stage import OPEN_POLICY, PLUGIN, Stage, guest

#: between which steps the process dies, how, and how often attempt and message are begun in all
POINTS = {
    "invoked, not recorded": (("before", "AttemptSucceeded"), 2, 1),
    "recorded, not sent": (("after", "AttemptSucceeded"), 1, 1),
    "sent, not recorded": (("before", "MessageSent"), 1, 2),
    "sent and recorded": (("after", "MessageSent"), 1, 1),
}


class Quitter:
    """The process that makes lives which kill themselves."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._orders, self._words = process.stdin, process.stdout
        assert self._words.readline() == "ready\n"

    def live(self, url: str, number: int, moment: str, event: str) -> tuple[int, list[str]]:
        """Make a life; return the status that it ended with, and the keys of the messages it handed out."""
        self._orders.write(f"{url}\t{number}\t{moment}\t{event}\n")
        self._orders.flush()
        assert self._words.readline().startswith("born ")
        sent = []
        while (said := self._words.readline().split())[0] != "dead":
            sent.append(said[2])
        return int(said[1]), sent


@pytest.fixture(scope="module")
def quitter() -> Iterator[Quitter]:
    """One process for all tests: to import everything takes longer than a life."""
    command = [sys.executable, "-m", "tests.crash.quitter"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Quitter(process)
        process.stdin.close()


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("point", POINTS)
def test_each_effect_happens_once_wherever_the_process_dies(
    point: str, database: str, request: pytest.FixtureRequest, tmp_path: Path, quitter: Quitter
):
    """One value is stored and one message recorded; only an unrecorded message is handed out again."""
    (moment, event), attempts, handed_out = POINTS[point]
    is_sqlite = database == "sqlite"
    url = f"sqlite:///{tmp_path}/palyra.db" if is_sqlite else request.getfixturevalue("postgres").schema()
    with Stage(url, tmp_path, policy=OPEN_POLICY) as stage:
        stage.ready_with_effects(guest("tally"))
        stage.fire()

        killed, first = quitter.live(url, 1, moment, event)
        stage.expire_leases()
        took_over, second = quitter.live(url, 2, "never", "")
        finished, third = quitter.live(url, 3, "never", "")

        assert (killed, took_over, finished) == (-signal.SIGKILL, 0, 0)
        (success,) = stage.events(AttemptSucceeded)
        lost = stage.events(AttemptFailed)
        assert (success.attempt, [each.outcome for each in lost]) == (
            attempts,
            ["worker_lost"] * (attempts - 1),
        )
        (kept,) = stage.palyra.storage.list(PLUGIN)
        assert stage.palyra.storage.show(PLUGIN, kept.path).value == "x"
        (sent,) = stage.events(MessageSent)
        assert stage.palyra.messages.list() == []
        keys = [*first, *second, *third]
        assert (len(keys), len(set(keys))) == (handed_out, 1)
        assert keys[0].endswith(sent.message_id)
        check_history(stage.log)
        check_views(stage.log)
