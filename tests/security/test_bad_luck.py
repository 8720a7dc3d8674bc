from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from palyra_events.blob import Blob
from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import (
    AlreadyExists,
    DatabaseUnavailable,
    DiskFull,
    IllegalTransition,
    InvalidIdentifier,
    PalyraError,
    ReasonRequired,
    StaleVersion,
    StorageFailed,
    UnknownDelivery,
    UnknownEvent,
    UnknownHook,
    UnknownPlugin,
    UnknownRelease,
    UnknownSkill,
)
from palyra_events.identifiers import stream_id
from palyra_events.lifecycle import UnknownHookEvent
from palyra_events.record import NewEvent
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.dispatch import PayloadRefused
from palyra_runtime.facade import (
    AttemptsOutOfRange,
    HookOptionMisplaced,
    PageOutOfRange,
    RecordedNotShown,
    UnknownDecision,
    UnknownEntrypoint,
    UnknownPhase,
    UnreadableArtifact,
)
from palyra_runtime.skills.errors import (
    ArtifactTooLarge,
    DuplicateArtifactEntry,
    InvalidArchive,
    InvalidArtifactPath,
    ManifestParse,
    MissingArtifactEntry,
    PayloadHashMismatch,
    SignatureVerificationFailed,
    UntrustedPublisher,
)
from palyra_runtime.skills.module_selection import AmbiguousModule, UnknownModule
from projections import ProjectionFailed, Subject
from tests.history import check_history, check_views
from tests.release_history import check_releases
from tests.sample_skills import KEY, OTHER_KEY, artifact_bytes
from tests.small_disk import SIZE, SmallDisk, small_disk
from tests.stage import HOOK, PLUGIN, SKILL, Stage, StageEntropy, answering, unchanged

Command = Callable[[Palyra], object]


def assert_helpful(error: PalyraError) -> None:
    """An error says in one sentence what is wrong, what to do, and how the command ends."""
    assert error.message
    assert "\n" not in error.message
    assert error.advice
    assert 2 <= error.exit_code <= 7


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


REFUSALS: dict[str, tuple[Command, type[PalyraError], int]] = {
    "unknown skill": (lambda p: p.skills.enable("no.such"), UnknownSkill, 3),
    "unknown skill shown": (lambda p: p.skills.show("no.such"), UnknownSkill, 3),
    "unknown release": (lambda p: p.skills.disable(SKILL, "9.9.9"), UnknownRelease, 3),
    "empty release": (lambda p: p.skills.quarantine(SKILL, ""), UnknownRelease, 3),
    "unknown hook": (lambda p: p.hooks.disable("nope"), UnknownHook, 3),
    "unknown plugin": (lambda p: p.hooks.bind("h", event="skill:enabled", plugin="nope"), UnknownPlugin, 3),
    "plugin of unknown skill": (lambda p: p.plugins.bind("p", skill="no.such"), UnknownSkill, 3),
    "unknown delivery": (lambda p: p.delivery("1:nope"), UnknownDelivery, 3),
    "no delivery at all": (lambda p: p.delivery("\udcff\0"), UnknownDelivery, 3),
    "unknown event": (lambda p: p.events.show(10**9), UnknownEvent, 3),
    "event zero": (lambda p: p.events.show(0), UnknownEvent, 3),
    "event beyond numbers": (lambda p: p.events.show(2**70), UnknownEvent, 3),
    "unknown kind": (lambda p: p.hooks.bind("h", event="skill:eaten", plugin=PLUGIN), UnknownHookEvent, 2),
    "run phase": (
        lambda p: p.hooks.bind("h", event="before_tool", plugin=PLUGIN, attempts_max=2),
        HookOptionMisplaced,
        2,
    ),
    "phase": (lambda p: p.decide("before", {}), UnknownPhase, 2),
    "payload": (lambda p: p.decide("before_tool", []), PayloadRefused, 2),
    "decision": (lambda p: p.decisions.show("nope"), UnknownDecision, 3),
    "no attempts": (
        lambda p: p.hooks.bind("h", event="skill:enabled", plugin=PLUGIN, attempts_max=0),
        AttemptsOutOfRange,
        2,
    ),
    "too many attempts": (
        lambda p: p.hooks.bind("h", event="skill:enabled", plugin=PLUGIN, attempts_max=6),
        AttemptsOutOfRange,
        2,
    ),
    "unknown module": (lambda p: p.plugins.bind("p", skill=SKILL, module="modules/x.wasm"), UnknownModule, 2),
    "unknown entrypoint": (lambda p: p.plugins.bind("p", skill=SKILL, entrypoint="x"), UnknownEntrypoint, 2),
    "two modules": (lambda p: p.plugins.bind("p", skill="acme.two"), AmbiguousModule, 2),
    "name of a skill": (lambda p: p.skills.enable("../etc"), InvalidIdentifier, 2),
    "name of a hook": (
        lambda p: p.hooks.bind("ü", event="skill:enabled", plugin=PLUGIN),
        InvalidIdentifier,
        2,
    ),
    "name of a plugin": (lambda p: p.plugins.bind("x" * 129, skill=SKILL), InvalidIdentifier, 2),
    "hook of deliveries": (lambda p: p.deliveries(hook="a\0b"), InvalidIdentifier, 2),
    "actor of the audit": (lambda p: p.audit.log(actor="\udcff"), InvalidIdentifier, 2),
    "subject of the audit": (lambda p: p.audit.log(subject=Subject("skill", "\0")), InvalidIdentifier, 2),
    "negative page": (lambda p: p.audit.log(limit=-1), PageOutOfRange, 2),
    "page beyond numbers": (lambda p: p.events.list(after=2**63), PageOutOfRange, 2),
    "file that is missing": (lambda p: p.skills.install("no/such.palyra-skill"), UnreadableArtifact, 2),
    "path with a NUL": (lambda p: p.skills.install("a\0b"), UnreadableArtifact, 2),
    "device without end": (lambda p: p.skills.install("/dev/zero"), ArtifactTooLarge, 2),
    "enabled twice": (lambda p: p.skills.enable(SKILL), IllegalTransition, 5),
    "disabled twice": (lambda p: p.skills.disable("acme.two"), IllegalTransition, 5),
    "hook enabled twice": (lambda p: p.hooks.enable(HOOK), IllegalTransition, 5),
    "override without a reason": (lambda p: p.skills.enable("acme.two", override=True), ReasonRequired, 4),
    "override with a blank reason": (
        lambda p: p.skills.enable("acme.two", override=True, reason=" \t"),
        ReasonRequired,
        4,
    ),
}


def set_up_for_refusals(stage: Stage) -> None:
    stage.ready(answering())
    stage.install({"a.wasm": answering(), "b.wasm": answering(1)}, "acme.two")
    stage.palyra.skills.disable("acme.two")


def assert_refused(stage: Stage, name: str) -> None:
    command, error, exit_code = REFUSALS[name]
    with unchanged(stage.log), pytest.raises(error) as refused:
        command(stage.palyra)
    assert_helpful(refused.value)
    assert refused.value.exit_code == exit_code


@pytest.mark.parametrize("name", REFUSALS)
def test_what_makes_no_sense_is_refused_and_changes_nothing(stage: Stage, name):
    """Unknown names, wrong forms and wrong transitions are typed errors, and nothing is written."""
    set_up_for_refusals(stage)

    assert_refused(stage, name)


@pytest.mark.postgres
def test_postgresql_refuses_the_same(postgres, tmp_path):
    """What one database refuses, the other refuses too, with the same words."""
    with Stage(postgres.schema(), tmp_path) as stage:
        set_up_for_refusals(stage)

        for name in REFUSALS:
            assert_refused(stage, name)


def repacked(data: bytes, **changes: bytes | None) -> bytes:
    """Return an archive with entries changed, added, or left out where the content is None."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in {**entries, **changes}.items():
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


GOOD = artifact_bytes(modules={"plugin.wasm": answering()})


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", InvalidArchive),
        (b"not an archive at all", InvalidArchive),
        (GOOD[: len(GOOD) // 2], InvalidArchive),
        (repacked(GOOD, **{"modules/plugin.wasm": answering(9)}), PayloadHashMismatch),
        (repacked(GOOD, **{"assets/more.txt": b"x"}), PayloadHashMismatch),
        (repacked(GOOD, **{"signature.json": None}), MissingArtifactEntry),
        (repacked(GOOD, **{"skill.toml": b"= nonsense"}), ManifestParse),
        (repacked(GOOD, **{"../escape": b"x"}), InvalidArtifactPath),
        (repacked(GOOD, **{"modules\\plugin.wasm": b"x"}), DuplicateArtifactEntry),
        (bytes(70 * 1024**2), ArtifactTooLarge),
    ],
    ids=["empty", "text", "cut", "module", "extra", "unsigned", "manifest", "traversal", "twice", "large"],
)
def test_a_spoilt_artifact_is_refused_and_nothing_is_kept(stage: Stage, data, error):
    """Whatever is wrong with the file, it is named, and neither event nor blob is written."""
    path = stage.folder / "spoilt.palyra-skill"
    path.write_bytes(data)

    with unchanged(stage.log), pytest.raises(error) as refused:
        stage.palyra.skills.install(path, trust_on_first_use=True)

    assert_helpful(refused.value)
    assert blobs(stage) == 0


def test_a_signature_of_somebody_else_is_refused(stage: Stage):
    """A signature that was taken from another key's artifact does not verify."""
    other = artifact_bytes(modules={"plugin.wasm": answering()}, key=OTHER_KEY)
    with zipfile.ZipFile(io.BytesIO(other)) as archive:
        foreign = archive.read("signature.json")
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        own = archive.read("signature.json")
    key_of, signature_of = own.split(b'"signature_base64"')[0], foreign.split(b'"signature_base64"')[1]
    path = stage.folder / "spoilt.palyra-skill"
    path.write_bytes(repacked(GOOD, **{"signature.json": key_of + b'"signature_base64"' + signature_of}))

    with unchanged(stage.log), pytest.raises(SignatureVerificationFailed):
        stage.palyra.skills.install(path, trust_on_first_use=True)


def test_a_publisher_that_nobody_trusts_is_refused(stage: Stage):
    """Without a word of the operator, a first key is not accepted."""
    with unchanged(stage.log), pytest.raises(UntrustedPublisher) as refused:
        stage.palyra.skills.install(stage.pack(answering()))

    assert refused.value.exit_code == 4


def test_a_release_is_installed_once(stage: Stage):
    """The same version with other bytes is refused: a release never changes."""
    stage.install(answering())

    with unchanged(stage.log), pytest.raises(AlreadyExists) as refused:
        stage.install(answering(1))

    assert refused.value.exit_code == 5


def blobs(stage: Stage) -> int:
    with stage.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM blob").scalar_one())


def test_an_artifact_of_sixty_megabytes_is_kept_and_runs(stage: Stage):
    """The largest artifacts work: one transaction to install, and the module runs."""
    asset = hashlib.shake_256(b"bytes that do not compress").digest(15 * 1024**2)
    assets = {f"part{number}.bin": asset[number:] for number in range(4)}
    stage.install(answering(), assets=assets)
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)
    stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)

    report = stage.palyra.gateway.run_once()

    assert report.succeeded == 1
    assert stage.events()[1].release.artifact.size > 60 * 1024**2


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
    assert blobs(cramped) == 2
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


def test_a_role_that_finds_no_room_for_its_lock_is_a_typed_error(cramped: Stage, disk):
    """The first drain on a full disk says that the disk is full, or has no need of it."""
    with disk.filled(leaving=0):
        try:
            cramped.palyra.dispatch.drain()
        except (DiskFull, StorageFailed) as error:
            assert_helpful(error)

    assert cramped.palyra.dispatch.drain().waiting == 0


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
