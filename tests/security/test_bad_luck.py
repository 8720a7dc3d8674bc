from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from palyra_events.blob import Blob
from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import DatabaseUnavailable, StaleVersion
from palyra_events.identifiers import stream_id
from palyra_events.record import NewEvent
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.facade import RecordedNotShown
from projections import ProjectionFailed
from tests.helpful import assert_helpful
from tests.history import check_history
from tests.sample_skills import KEY, OTHER_KEY
from tests.stage import HOOK, PLUGIN, SKILL, Stage, StageEntropy, answering, unchanged


class Overtaken(EventLog):
    """A log over which somebody else is faster, once, between what a command reads and what it writes."""

    overtake: Callable[[], object] | None = None

    def append(
        self,
        events: Sequence[NewEvent],
        *,
        blobs: Sequence[Blob] = (),
        drops: Sequence[bytes] = (),
        tracking: tuple[str, int] | None = None,
    ) -> Sequence[int]:
        """Let the other one go first."""
        if self.overtake is not None:
            overtake, self.overtake = self.overtake, None
            overtake()
        return super().append(events, blobs=blobs, drops=drops, tracking=tracking)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (lambda p: p.skills.disable(SKILL), lambda p: p.skills.quarantine(SKILL)),
        (lambda p: p.skills.quarantine(SKILL), lambda p: p.skills.disable(SKILL)),
        (lambda p: p.hooks.disable(HOOK), lambda p: p.hooks.disable(HOOK)),
        (
            lambda p: p.hooks.bind(HOOK, event="skill:enabled", plugin=PLUGIN),
            lambda p: p.hooks.bind(HOOK, event="skill:disabled", plugin=PLUGIN),
        ),
        (
            lambda p: p.hooks.bind("new", event="skill:enabled", plugin=PLUGIN),
            lambda p: p.hooks.bind("new", event="skill:enabled", plugin=PLUGIN),
        ),
        (
            lambda p: p.plugins.bind("new", skill=SKILL),
            lambda p: p.plugins.bind("new", skill=SKILL, entrypoint="palyra_plugin_main"),
        ),
        (
            lambda p: p.trust.add("orchid", KEY.public_key.hex()),
            lambda p: p.trust.add("orchid", OTHER_KEY.public_key.hex()),
        ),
        (lambda p: p.skills.disable(SKILL), lambda p: p.trust.revoke("acme")),
    ],
    ids=[
        "disable-quarantine",
        "quarantine-disable",
        "hook-twice",
        "rebind",
        "bind-twice",
        "plugin-twice",
        "two-keys",
        "disable-revoke",
    ],
)
def test_of_two_people_who_change_the_same_thing_one_is_told(each_stage: Stage, first, second):
    """The slower one is refused, changes nothing, and can look and try again."""
    each_stage.ready(answering())
    log = Overtaken.open(each_stage.url)
    bob = Palyra(log, "operator:bob", Surroundings(each_stage.clock, StageEntropy("bob")))
    log.overtake = lambda: first(each_stage.palyra)
    head = each_stage.log.head()

    with pytest.raises(StaleVersion) as refused:
        second(bob)

    bob.close()
    assert_helpful(refused.value)
    assert refused.value.retryable
    assert [event.actor for event in each_stage.events(after=head)] == ["operator:alice"]
    check_history(each_stage.log)


class Obstructed(EventLog):
    """A log beside which somebody begins to write as soon as something was appended."""

    def append(
        self,
        events: Sequence[NewEvent],
        *,
        blobs: Sequence[Blob] = (),
        drops: Sequence[bytes] = (),
        tracking: tuple[str, int] | None = None,
    ) -> Sequence[int]:
        """Append, then let the other one take the lock."""
        positions = super().append(events, blobs=blobs, drops=drops, tracking=tracking)
        self.writer = sqlite3.connect(str(self.path), isolation_level=None)
        self.writer.execute("BEGIN IMMEDIATE")
        return positions


def test_what_was_recorded_and_cannot_be_shown_is_not_called_unwritten(stage: Stage, monkeypatch):
    """Where the append worked and the views are locked, nobody is told to try again."""
    monkeypatch.setattr("projections.engine.LOCK_TIMEOUT_MS", 10)
    stage.ready(answering())
    log = Obstructed.open(stage.url)
    bob = Palyra(log, "operator:bob", Surroundings(stage.clock, StageEntropy("bob")))

    with pytest.raises(RecordedNotShown) as refused:
        bob.hooks.disable(HOOK)

    log.writer.close()
    bob.close()
    assert_helpful(refused.value)
    assert not refused.value.retryable
    assert stage.topics()[-1] == "HookDisabled"
    assert not stage.palyra.hooks.list()[0].is_enabled


def test_an_event_that_no_view_can_take_in_stops_dispatch(stage: Stage):
    """Nothing is scheduled past an event that the hook view has not understood: a hook may be in it."""
    stage.ready(answering())
    stage.log.append([NewEvent(stream_id("hook", "strange"), 1, "HookEnchanted@1", b"{}")])
    stage.fire()

    with unchanged(stage.log), pytest.raises(ProjectionFailed, match="HookEnchanted"):
        stage.palyra.dispatch.drain()

    assert stage.standing_leases() == []


#: imports everything before it becomes somebody who may read this folder and nothing else
STRANGER = """
import os, sys
from palyra_events.errors import PalyraError
from palyra_runtime import Palyra

Palyra.open(sys.argv[2], home="/").close()
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with Palyra.open(sys.argv[1], home="/") as palyra:
        palyra.hooks.disable("greet")
except PalyraError as error:
    print(type(error).__name__, error.exit_code)
"""


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that everybody may look into."""
    with tempfile.TemporaryDirectory(prefix="palyra-public-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("mode", [0o444, 0o400], ids=["readable", "private"])
def test_what_may_not_be_written_is_a_typed_error(public_folder: Path, tmp_path: Path, mode: int):
    """Who may not write, or not even read, is told so; nothing is changed."""
    with Stage(f"sqlite:///{public_folder / 'palyra.db'}", tmp_path) as stage:
        stage.ready(answering())
        head = stage.log.head()
        for path in public_folder.iterdir():
            path.chmod(mode)

        urls = [stage.url, f"sqlite:///{tmp_path / 'warm.db'}"]
        done = subprocess.run(
            [sys.executable, "-c", STRANGER, *urls], capture_output=True, text=True, check=False
        )

        for path in public_folder.iterdir():
            path.chmod(0o600)
        assert done.stdout in {"DatabaseReadOnly 7\n", "DatabaseUnavailable 7\n"}, done.stderr
        assert stage.log.head() == head


FORKING = """
import os, sys
from palyra_runtime import Palyra

with Palyra.open(sys.argv[1], home="/") as palyra:
    palyra.gateway.run_once()
    child = os.fork()
    if child == 0:
        with Palyra.open(sys.argv[1], home="/") as own:
            os._exit(own.gateway.run_once().succeeded)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), palyra.gateway.run_once().succeeded)
"""


def test_a_child_opens_the_database_anew(stage: Stage):
    """A process forked from one that has dispatched works with a face of its own; so does its parent."""
    stage.ready(answering())

    done = subprocess.run(
        [sys.executable, "-c", FORKING, stage.url], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.stdout == "1 1\n", done.stderr
    assert len(stage.events(AttemptSucceeded)) == 3
    check_history(stage.log)


def test_a_log_that_was_closed_says_so(stage: Stage):
    """Using a face after its end is a typed error."""
    palyra = stage.open("short")
    palyra.close()

    with pytest.raises(DatabaseUnavailable) as refused:
        palyra.skills.list()

    assert_helpful(refused.value)
