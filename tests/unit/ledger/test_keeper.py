from __future__ import annotations

import stat
from pathlib import Path

import pytest

from palyra_events.application import Application, Intent
from palyra_events.errors import IllegalTransition, ReasonRequired
from palyra_events.key import rotation_statement
from palyra_events.ledger import Checkpoint, Frontier, Note
from palyra_events.store import EventLog
from palyra_runtime.capabilities.egress import Client, InvalidOrigin, client_context
from palyra_runtime.ledger import (
    CheckpointsUnusable,
    Keeper,
    LedgerForked,
    LedgerKeyReplaced,
    LedgerKeyUnusable,
    LedgerPlaces,
    WitnessUnavailable,
    open_witness,
)
from palyra_runtime.ledger.leaves import leaves
from palyra_runtime.ledger.signer import Signer
from tests.http_stage import Names
from tests.loopback_server import LoopbackServer, answering, ok, redirecting
from tests.stage import NOON, StageClock, StageEntropy
from tests.tampering import keeper_of, mixed_events, verify

ADA = Intent("operator:ada", "once a year")
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def log(tmp_path: Path):
    """A log with ten events."""
    with EventLog.open(f"sqlite:///{tmp_path / 'log.db'}") as opened:
        opened.append(mixed_events(10))
        yield opened


@pytest.fixture
def keeper(log: EventLog, tmp_path: Path) -> Keeper:
    """The keeper of the log."""
    return keeper_of(log, tmp_path)


def witnessed(log: EventLog, folder: Path, url: str) -> Keeper:
    """A keeper that shows what it signs to a witness."""
    return Keeper(
        log=log,
        application=Application(log, now=StageClock(), entropy=StageEntropy()),
        places=LedgerPlaces.under(folder),
        witness=open_witness(url, (), lambda: Client(Names(), client_context())),
        now=StageClock(),
        entropy=StageEntropy("key"),
    )


def test_a_checkpoint_is_the_root_over_all_leaves(log: EventLog, keeper: Keeper):
    """What is signed is the tree over the rows as they are, at the time that the clock says."""
    signed = keeper.checkpoint()
    frontier = Frontier.over(leaves(log.evidence, 1, 10))
    assert signed.checkpoint == Checkpoint(f"palyra/{log.log_id}", 10, frontier.root)
    assert signed.signed_at == NOON.replace(microsecond=0)
    assert len(Note.parse(signed.note).signatures) == 2


def test_checkpoints_grow_with_the_log(log: EventLog, keeper: Keeper):
    """Each checkpoint continues the one before, in whichever process it is made."""
    keeper.checkpoint()
    log.append(mixed_events(23)[10:])
    keeper.checkpoint()
    log.append([each._replace(version=each.version + 50) for each in mixed_events(30)])
    keeper_of(log, keeper.folder.path.parent).checkpoint()
    assert [each.checkpoint.size for each in keeper.checkpoints()] == [10, 23, 53]
    assert verify(keeper, log).signed == 53


def test_an_idle_log_is_signed_anew(log: EventLog, keeper: Keeper, tmp_path: Path):
    """A checkpoint of the same size takes the place of the earlier one, and says the later time."""
    keeper.checkpoint()
    later = keeper_of(log, tmp_path)
    later._now.move(hours=1)
    later.checkpoint()
    (signed,) = keeper.checkpoints()
    assert signed.signed_at.hour == NOON.hour + 1
    assert log.evidence.newest_checkpoint().note == signed.note


def test_an_empty_log_can_be_signed(tmp_path: Path):
    """Nothing has happened yet, and that can be shown later."""
    with EventLog.open(f"sqlite:///{tmp_path / 'empty.db'}") as log:
        keeper = keeper_of(log, tmp_path / "empty")
        keeper.checkpoint()
        log.append(mixed_events(3))
        keeper.checkpoint()
        assert verify(keeper, log).signed == 3


def test_the_key_is_for_its_owner_alone(keeper: Keeper, tmp_path: Path):
    """The file of the key, and the folders that are made, can be read by nobody else."""
    keeper.checkpoint()
    modes = [
        stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("keys", "keys/ledger.key", "checkpoints")
    ]
    assert modes == [0o700, 0o600, 0o700]


def test_a_rotated_key_keeps_old_checkpoints_good(log: EventLog, keeper: Keeper):
    """After a rotation all checkpoints hold, the old ones by the old key and the next by the new one."""
    keeper.checkpoint()
    keeper.rotate(ADA, is_revoked=False)
    keeper.rotate(ADA, is_revoked=False)
    keys = [each.key for each in keeper.checkpoints()]
    assert (len(set(keys)), verify(keeper, log).is_sound) == (3, True)


def test_a_rotation_that_was_killed_before_the_log_said_so_is_forgotten(keeper: Keeper):
    """A key that was made and never named in the log signs nothing."""
    before = keeper.checkpoint().key
    keeper.key_file.prepare(StageEntropy("killed"))
    assert keeper.checkpoint().key == before
    keeper.rotate(ADA, is_revoked=False)


def test_a_rotation_that_was_killed_after_the_log_said_so_is_finished(log: EventLog, keeper: Keeper):
    """A key that the log names takes its place with the next checkpoint."""
    old = keeper.checkpoint().key
    following = keeper.key_file.prepare(StageEntropy("killed"))
    public, own = following.public_key.hex(), keeper.key_file.public_key()
    mark = keeper.key_file.open(StageEntropy(), None).mark(rotation_statement(public)).hex()
    application = Application(log, now=StageClock(), entropy=StageEntropy())
    application.rotate_ledger_key(public, own, mark, ADA, is_revoked=False)
    assert keeper.checkpoint().key.public_key == following.public_key != old.public_key
    assert keeper.key_file.public_key() == public


def test_a_revocation_needs_a_reason(keeper: Keeper):
    """Nobody revokes a key without saying why; the key stays in use."""
    before = keeper.checkpoint().key
    with pytest.raises(ReasonRequired):
        keeper.rotate(Intent("operator:ada"), is_revoked=True)
    assert keeper.checkpoint().key == before


def test_a_key_is_not_used_twice(log: EventLog, keeper: Keeper):
    """A key that was replaced never signs again."""
    own = keeper.checkpoint().key.public_key.hex()
    keeper.rotate(ADA, is_revoked=False)
    application = Application(log, now=StageClock(), entropy=StageEntropy())
    with pytest.raises(IllegalTransition):
        application.rotate_ledger_key(own, keeper.key_file.public_key(), "00" * 64, ADA, is_revoked=False)


def test_another_key_in_the_file_signs_nothing(keeper: Keeper):
    """Who puts another key into the file after a rotation is not taken for the signer."""
    keeper.rotate(ADA, is_revoked=False)
    keeper.key_file.path.write_bytes(b"ab" * 32)
    with pytest.raises(LedgerKeyReplaced):
        keeper.checkpoint()


@pytest.mark.parametrize("content", [b"", b"no key at all"])
def test_a_broken_key_file_is_told(keeper: Keeper, content: bytes):
    """A file that holds no key is never written over."""
    keeper.key_file.path.parent.mkdir()
    keeper.key_file.path.write_bytes(content)
    with pytest.raises(LedgerKeyUnusable):
        keeper.checkpoint()
    assert keeper.key_file.path.read_bytes() == content


def test_a_lost_key_is_not_made_anew(keeper: Keeper):
    """Where the log names a key and the file is gone, nothing signs in its place."""
    keeper.rotate(ADA, is_revoked=False)
    keeper.key_file.path.unlink()
    with pytest.raises(LedgerKeyUnusable):
        keeper.checkpoint()


def test_a_folder_that_is_none_is_told(keeper: Keeper, tmp_path: Path):
    """Where the folder cannot be made, the message names it."""
    (tmp_path / "checkpoints").write_text("a file")
    with pytest.raises(CheckpointsUnusable, match="checkpoints"):
        keeper.checkpoint()


def test_a_witness_is_shown_what_is_signed(log: EventLog, tmp_path: Path):
    """The note is posted to the witness as it is in the folder."""
    with LoopbackServer(
        lambda connection, request: connection.sendall(NOT_FOUND if request.startswith(b"GET") else ok())
    ) as server:
        keeper = witnessed(log, tmp_path, f"http://127.0.0.1:{server.port}/log")
        signed = keeper.checkpoint()
    assert [request.split(b" ")[0] for request in server.requests] == [b"GET", b"POST"]
    assert server.requests[1].endswith(signed.note)


def test_a_witness_that_knows_more_stops_the_keeper(log: EventLog, tmp_path: Path):
    """Where folder and table were rolled back together with the log, the witness still knows."""
    with EventLog.open(f"sqlite:///{tmp_path / 'log.db'}") as longer:
        keeper = keeper_of(longer, tmp_path)
        signer = Signer(keeper.origin, keeper.key_file.open(StageEntropy(), None))
        note = bytes(signer.sign(21, bytes(32), NOON))
    with LoopbackServer(answering(ok(note))) as server:
        keeper = witnessed(log, tmp_path, f"http://127.0.0.1:{server.port}/log")
        with pytest.raises(LedgerForked):
            keeper.checkpoint()
    assert keeper.folder.sizes() == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answering(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"), id="failing"),
        pytest.param(redirecting("/elsewhere"), id="redirecting"),
        pytest.param(answering(b""), id="hanging up"),
    ],
)
def test_a_witness_that_is_away_stops_the_keeper(log: EventLog, tmp_path: Path, answer):
    """Nothing is signed before the witness has said what it knows."""
    with LoopbackServer(answer) as server:
        keeper = witnessed(log, tmp_path, f"http://127.0.0.1:{server.port}/log")
        with pytest.raises(WitnessUnavailable):
            keeper.checkpoint()
    assert keeper.folder.sizes() == []


def test_a_witness_needs_networks_that_make_sense():
    """A witness that is configured wrongly is told when Palyra is opened."""
    with pytest.raises(InvalidOrigin):
        open_witness("https://log.example.com/", ("nowhere",), lambda: Client(Names(), client_context()))
