"""What is acknowledged is on the disk: in the order of the system calls, and after a loss of power."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from palyra_events.store import EventLog
from palyra_runtime.sandbox import ModuleCache
from tests.crash.power import WATCHED, Disk, restore
from tests.crash.tracing import Call, Tracer, read_trace, watching
from tests.dice import Dice
from tests.history import check_history
from tests.sample_skills import KEY, artifact_bytes
from tests.scale import scaled
from tests.stage import SKILL, guest

#: lives of the process, each with two starts of a gateway
LIVES = scaled(2, 12)
#: losses of power at each call, each of which leaves other parts of what was not synced
LOSSES = scaled(0, 3)


@dataclass(frozen=True, slots=True)
class Recording:
    """The calls of a process that wrote to a log below a folder, and said so after each event."""

    root: Path
    calls: list[Call]

    @property
    def home(self) -> Path:
        """Where the log was made, with the folder above it."""
        return self.root / "homes" / "one"


def record(folder: Path, synchronous: str) -> Recording:
    """Have a log made and written to, below a folder that is empty."""
    recording = Recording(folder / "disk", [])
    recording.root.mkdir()
    asked = {"filesystem": {"write_roots": ["notes"]}, "node_capabilities": ["ops"]}
    (folder / "tally.palyra-skill").write_bytes(
        artifact_bytes(modules={"plugin.wasm": guest("tally")}, key=KEY, skill_id=SKILL, capabilities=asked)
    )
    command = [sys.executable, "-m", "tests.crash.acknowledger", str(recording.home), str(folder), f"{LIVES}"]
    with subprocess.Popen(
        [*command, synchronous], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        tracer = Tracer(process.pid, folder / "trace", ["-xx", "-s", "10000000", *watching(WATCHED)])
        process.communicate("\n")
        tracer.end()
    assert process.returncode == 0
    recording.calls.extend(read_trace(folder / "trace"))
    return recording


def acknowledged(call: Call) -> int | None:
    """Return the position that a call acknowledges, None where it is another call."""
    if call.name == "write" and call.texts[-1].startswith(b"ack "):
        return int(call.texts[-1].split()[1])
    return None


def replayed(recording: Recording) -> Iterator[tuple[Call, Disk, int]]:
    """Yield each call, with the disk after it and the last position that was acknowledged by then."""
    disk, position = Disk(recording.root), 0
    for call in recording.calls:
        disk.replay(call)
        position = acknowledged(call) or position
        yield call, disk, position


def too_early(recording: Recording) -> tuple[int, list[str]]:
    """Return how many acknowledgements there were, and those that came before the disk had everything."""
    acknowledgements = [
        (position, disk.unsynced(recording.home / "palyra.db"))
        for call, disk, position in replayed(recording)
        if acknowledged(call) is not None
    ]
    return len(acknowledgements), [f"{position}: {lost}" for position, lost in acknowledgements if lost]


def check_remains(recording: Recording, disk: Disk, folder: Path, position: int, dice: Dice | None) -> None:
    """Switch on again: the log opens, is in order, and has all that was acknowledged."""
    folder.mkdir()
    restore(disk.remains(dice), recording.root, folder)
    home = folder / recording.home.relative_to(recording.root)
    with EventLog.open(f"sqlite:///{home / 'palyra.db'}") as log:
        figures = check_history(log)
    assert figures.events >= position
    ModuleCache.open(home / "modules")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_disk_has_an_event_before_anybody_is_told(tmp_path):
    """No acknowledgement is written while a file of the log, or the name of one, is not synced."""
    recording = record(tmp_path, "FULL")
    count, early = too_early(recording)

    *_, (_, _, newest) = replayed(recording)
    assert (early, count) == ([], newest)
    sys.stdout.write(f"{count} acknowledgements, none of them before its sync\n")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_careless_log_is_noticed(tmp_path):
    """The control: with ``synchronous = NORMAL``, acknowledgements come too early, and power takes events."""
    recording = record(tmp_path, "NORMAL")
    count, early = too_early(recording)
    told = [place for place, call in enumerate(recording.calls) if acknowledged(call) is not None]
    *_, (_, disk, position) = islice(replayed(recording), told[-1] + 1)

    assert len(early) > count // 2
    with pytest.raises(AssertionError):
        check_remains(recording, disk, tmp_path / "after", position, None)
    sys.stdout.write(f"careless: {len(early)} of {count} acknowledgements before their sync\n")


@pytest.mark.slow
@pytest.mark.timeout(scaled(300, 36_000))
def test_power_takes_nothing_that_was_acknowledged(tmp_path):
    """Whenever it goes: what is left of the files opens, verifies, and has every acknowledged event."""
    recording, dice, losses = record(tmp_path, "FULL"), Dice("power"), 0
    for place, (call, disk, position) in enumerate(replayed(recording)):
        is_telling = call.name not in ("pwrite64", "openat", "ftruncate")
        for number, chosen in enumerate([None, dice][: 2 * is_telling] + [dice] * LOSSES):
            check_remains(recording, disk, tmp_path / f"{place}-{number}", position, chosen)
            losses += 1
    sys.stdout.write(f"{losses} losses of power at {len(recording.calls)} calls, {position} events kept\n")
