from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from palyra_events.errors import LogDamaged
from palyra_events.ledger import Frontier, InvalidVerifierKey, UntrustedNote
from palyra_events.ledger.damage import Damage
from palyra_events.ledger.leaf import RawRow
from palyra_runtime.ledger import EventNotProvable, LedgerForked, UnknownCheckpoint
from tests.stage import Stage, answering
from tests.tampering import run_sql, tamper


def newest(stage: Stage) -> Path:
    """Return the file of the newest checkpoint."""
    return max((stage.folder / "checkpoints").glob("*.checkpoint"))


def leaf_of(row: dict[str, Any]) -> bytes:
    """Return the leaf hash that a line of an export has."""
    state, topic = base64.b64decode(row["state"]), row["topic"].encode()
    raw = RawRow(row["position"], bytes.fromhex(row["stream_id"]), row["version"], topic, state, b"")
    return raw.hash_at(raw.position) or b""


def test_a_history_is_sound(each_stage: Stage):
    """What a gateway has done is signed, checked with its views, and nothing is wrong with it."""
    each_stage.ready(answering())
    each_stage.fire()
    each_stage.palyra.dispatch.drain()
    signed = each_stage.palyra.ledger.checkpoint()
    report = each_stage.palyra.ledger.verify(views=True)
    assert (report.findings, report.signed, report.erased) == ((), signed.checkpoint.size, 0)
    assert {"hook", "delivery", "audit"} <= set(report.views)


def test_a_changed_view_is_found(stage: Stage):
    """A row of a view that somebody edited is not what the log says."""
    stage.ready(answering())
    name = stage.engine.dialect.identifier_preparer.quote
    with stage.engine.begin() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).scalars()
        table = next(each for each in tables if each.startswith("hook") and "_" in each)
        connection.execute(text(f"UPDATE {name(table)} SET plugin_id = 'mallory'"))
    report = stage.palyra.ledger.verify(views=True)
    assert [finding.damage for finding in report.findings] == [Damage.VIEW_DIFFERS]


def test_a_checkpoint_vouches_for_the_log_up_to_its_size(stage: Stage):
    """A build of a view can begin there; what came later is not signed yet."""
    stage.ready(answering())
    signed = stage.palyra.ledger.checkpoint()
    stage.fire()

    assert stage.palyra.ledger.covered_by(newest(stage)) == signed.checkpoint.size == stage.log.head() - 1


def test_a_checkpoint_does_not_vouch_for_another_history(stage: Stage):
    """Where a hash is not the one that was signed, nothing is to be built upon it."""
    stage.ready(answering())
    stage.palyra.ledger.checkpoint()
    tamper(stage.log, lambda rows: [rows[0]._replace(leaf=bytes(32)), *rows[1:]])

    with pytest.raises(LedgerForked):
        stage.palyra.ledger.covered_by(newest(stage))


def test_a_rotated_key_is_in_the_trail(stage: Stage):
    """Who replaced the key, when and why, is told like everything else."""
    signed = stage.palyra.ledger.rotate_key(reason="once a year")
    (row,) = stage.palyra.audit.log()
    assert (row.actor, row.reason, row.subject_id) == (
        "operator:alice",
        "once a year",
        signed.key.public_key.hex(),
    )


def test_a_checkpoint_of_ones_own_is_where_to_begin(stage: Stage):
    """An auditor who kept a checkpoint begins there."""
    stage.fire()
    stage.palyra.ledger.checkpoint()
    stage.fire()
    report = stage.palyra.ledger.verify(since=newest(stage))
    assert (report.is_sound, report.since, report.events) == (True, 1, 1)


def test_a_checkpoint_that_nobody_signed_is_no_beginning(stage: Stage):
    """A file that was changed, or is not there, is refused before anything is read."""
    stage.fire()
    stage.palyra.ledger.checkpoint()
    forged = stage.folder / "forged"
    forged.write_bytes(newest(stage).read_bytes().replace(b"\n1\n", b"\n2\n", 1))
    with pytest.raises(UntrustedNote):
        stage.palyra.ledger.verify(since=forged)
    with pytest.raises(UnknownCheckpoint):
        stage.palyra.ledger.verify(since=stage.folder / "absent")


def test_an_auditor_brings_the_key(stage: Stage):
    """Where the private key is not at hand, the verifier key is enough; without it nothing is trusted."""
    stage.fire()
    key = str(stage.palyra.ledger.checkpoint().key)
    (stage.folder / "keys" / "ledger.key").unlink()
    without = stage.palyra.ledger.verify()
    report = stage.palyra.ledger.verify(keys=[key])
    assert {finding.damage for finding in without.findings} == {Damage.FALSE_CHECKPOINT}
    assert (report.findings, report.signed) == ((), 1)
    with pytest.raises(InvalidVerifierKey):
        stage.palyra.ledger.verify(keys=["no key"])


def test_an_event_is_proved_under_an_older_checkpoint(stage: Stage):
    """Each checkpoint that covers an event proves it; one that is not there proves nothing."""
    stage.fire()
    stage.palyra.ledger.checkpoint()
    stage.fire()
    stage.palyra.ledger.checkpoint()
    assert len(stage.palyra.ledger.prove(1, 1).inclusion_proof) == 0
    assert len(stage.palyra.ledger.prove(1).inclusion_proof) == 1
    with pytest.raises(UnknownCheckpoint):
        stage.palyra.ledger.prove(1, 7)


def test_a_missing_event_cannot_be_proved(stage: Stage):
    """Where a row is gone, there is no proof of it, and none of another one."""
    for _ in range(3):
        stage.fire()
    stage.palyra.ledger.checkpoint()
    run_sql(stage.log, "DELETE FROM event WHERE position = 2")
    for position in (1, 2):
        with pytest.raises(EventNotProvable):
            stage.palyra.ledger.prove(position)


def test_an_export_holds_the_whole_tree(stage: Stage):
    """The root of the checkpoint can be computed from the lines before it."""
    for _ in range(3):
        stage.fire()
    root = stage.palyra.ledger.checkpoint().checkpoint.root
    *rows, last = [json.loads(json.dumps(line)) for line in stage.palyra.ledger.export()]
    assert Frontier.over(leaf_of(row) for row in rows).root == root
    assert last["checkpoint"].encode() == newest(stage).read_bytes()


def test_a_damaged_log_is_not_exported(stage: Stage):
    """A row that is not what was recorded ends the export with an error that names it."""
    for _ in range(3):
        stage.fire()
    stage.palyra.ledger.checkpoint()
    tamper(stage.log, lambda rows: [rows[0], rows[1]._replace(state=b"{}"), rows[2]])
    with pytest.raises(LogDamaged, match="position 2"):
        list(stage.palyra.ledger.export())
    with pytest.raises(UnknownCheckpoint):
        list(stage.palyra.ledger.export(after=3))
