from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import DiskFull, PalyraError, StorageFailed
from palyra_runtime.facade import RecordedNotShown
from tests.helpful import assert_helpful
from tests.history import check_history, check_views
from tests.release_history import check_releases
from tests.small_disk import SIZE, SmallDisk, small_disk
from tests.stage import SKILL, Stage, answering


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of a few megabytes."""
    with small_disk(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def cramped(disk: SmallDisk, tmp_path: Path) -> Iterator[Stage]:
    """A gateway whose database is on the small disk, and whose artifacts are not."""
    with Stage(f"sqlite:///{disk.folder / 'palyra.db'}", tmp_path) as opened:
        yield opened


def squeeze(disk: SmallDisk, command: Callable[[], object]) -> list[PalyraError]:
    """Repeat a command with a little more room each time, until it succeeds; return how it failed."""
    failures: list[PalyraError] = []
    for leaving in range(0, SIZE // 2, 32 * 1024):
        with disk.filled(leaving=leaving):
            try:
                command()
            except (DiskFull, StorageFailed) as error:
                failures.append(error)
            except RecordedNotShown as error:
                assert_helpful(error)
                return failures
            else:
                return failures
    raise AssertionError("there was room enough")


def test_a_full_disk_in_the_middle_of_an_install_leaves_nothing_half_done(cramped: Stage, disk):
    """Wherever the disk runs full, the install is refused as a whole; with room, it works."""
    noise = os.urandom(100_000)
    path = cramped.pack(answering(), assets={"noise.bin": noise})

    failures = squeeze(disk, lambda: cramped.palyra.skills.install(path, trust_on_first_use=True))

    assert len(failures) > 3
    for failure in failures:
        assert_helpful(failure)
        assert failure.exit_code == 7
    assert cramped.topics() == ["PublisherPinned", "SkillInstalled", "SkillAudited"]
    assert cramped.blob_count() == 2
    check_history(cramped.log)
    check_views(cramped.log)


@pytest.mark.parametrize("change", ["update", "rollback", "remove"])
def test_a_full_disk_in_the_middle_of_a_change_of_releases_leaves_nothing_half_done(
    cramped: Stage, disk, change
):
    """Wherever the disk runs full, store and log agree on what is installed, and with room it works."""
    skills = cramped.palyra.skills
    newer = cramped.pack(answering(1), version="1.1.0", assets={"noise.bin": os.urandom(100_000)})
    cramped.ready(answering())
    if change != "update":
        skills.update(newer)
    commands = {
        "update": lambda: skills.update(newer),
        "rollback": lambda: skills.rollback(SKILL, reason="the disk is full"),
        "remove": lambda: skills.remove(SKILL, "1.1.0", erase=True),
    }

    failures = squeeze(disk, commands[change])

    assert failures
    for failure in failures:
        assert_helpful(failure)
    states = {row.version: row.state for row in skills.list(removed=True)}
    assert (
        states
        == {
            "update": {"1.0.0": "disabled", "1.1.0": "enabled"},
            "rollback": {"1.0.0": "enabled", "1.1.0": "disabled"},
            "remove": {"1.0.0": "disabled", "1.1.0": "removed"},
        }[change]
    )
    check_releases(cramped.log)
    check_history(cramped.log)
    check_views(cramped.log)


def test_a_full_disk_in_the_middle_of_a_drain_loses_no_delivery(cramped: Stage, disk):
    """Claims, outcomes and views stop where the disk is full, and go on once there is room."""
    cramped.ready(answering(0, '{"result":"' + "x" * 50_000 + '"}'))
    for _ in range(5):
        cramped.fire()

    def drain() -> None:
        cramped.clock.move(hours=2)
        if cramped.palyra.dispatch.drain().waiting:
            drain()

    failures = squeeze(disk, drain)

    assert failures
    for failure in failures:
        assert_helpful(failure)
    figures = check_history(cramped.log)
    check_views(cramped.log)
    assert len(cramped.events(AttemptSucceeded)) == 5
    assert set(figures.outcomes) <= {"ok", "worker_lost"}
    assert cramped.standing_leases() == []


def test_a_role_that_finds_no_room_for_its_lock_is_a_typed_error(cramped: Stage, disk):
    """The first drain on a full disk says that the disk is full, or has no need of it."""
    with disk.filled(leaving=0):
        try:
            cramped.palyra.dispatch.drain()
        except (DiskFull, StorageFailed) as error:
            assert_helpful(error)

    assert cramped.palyra.dispatch.drain().waiting == 0
