from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from palyra_events.ledger import Frontier
from palyra_events.store import EventLog
from tests.shell import Shell
from tests.tampering import all_rows, tamper


def checkpoint(shell: Shell):
    """Sign the head of the log, and return what was said."""
    return shell("audit", "checkpoint", "create", "-o", "json").json


def test_the_history_is_signed_and_checked(shell: Shell):
    """A checkpoint is made, listed, and the verification says how much it covers."""
    signed = checkpoint(shell)
    (listed,) = shell("audit", "checkpoint", "list", "-o", "json").json
    report = shell("audit", "verify", "--views", "--jobs", "2", "-o", "json").json
    assert listed == signed
    assert (report["is_sound"], report["signed"], report["findings"]) == (True, signed["size"], [])


def test_a_changed_history_is_told(shell: Shell, told_home: Path):
    """Where an event was changed, people read what, where and what to do; the exit code is 6."""
    checkpoint(shell)
    with closing(EventLog.open(f"sqlite:///{shell.home / 'palyra.db'}")) as log:
        tamper(log, lambda rows: [*rows[:2], rows[2]._replace(state=b'{"\x1b[2J":1}'), *rows[3:]])
    done = shell("audit", "verify")
    assert done.code == 6
    assert done.out.splitlines()[:2] == [
        "changed The event at position 3 was changed.",
        "The history is NOT what was recorded.",
    ]
    assert "\x1b" not in done.out
    assert "HISTORY_FINDINGS" in shell("audit", "verify", "-o", "json").err


def test_an_event_is_proved_to_a_stranger(shell: Shell, tmp_path: Path):
    """With two commands and the verifier key, somebody who has neither log nor Palyra is convinced."""
    key = checkpoint(shell)["verifier_key"]
    (tmp_path / "bundle.json").write_text(shell("audit", "prove", "3").out)
    (tmp_path / "verify_proof.py").write_text(shell("audit", "verifier").out)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify_proof.py", "bundle.json", key],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout[:15]) == (0, "TRUE: event 3 o")


def test_nothing_is_proved_before_it_is_signed(shell: Shell):
    """Without a checkpoint there is no proof, and the advice says how to get one."""
    done = shell("audit", "prove", "3", "-o", "json")
    assert (done.code, done.error["code"]) == (3, "UNKNOWN_CHECKPOINT")


def test_the_export_has_all_rows(shell: Shell):
    """Each signed row is a line, and the checkpoint is the last one."""
    signed = checkpoint(shell)
    *rows, last = shell("audit", "export").lines
    with closing(EventLog.open(f"sqlite:///{shell.home / 'palyra.db'}")) as log:
        root = Frontier.over(row.leaf for row in all_rows(log)).root.hex()
    assert (len(rows), last["checkpoint"], root) == (signed["size"], signed["note"], signed["root"])


def test_a_key_is_replaced(shell: Shell):
    """After a rotation the next checkpoint has another key, and the history is sound."""
    before = checkpoint(shell)["verifier_key"]
    done = shell("key", "rotate", "--revoke", "--reason", "the disk was stolen", "-o", "json")
    assert done.json["verifier_key"] != before
    assert shell("audit", "verify", "-o", "json").json["is_sound"]
    assert shell("key", "rotate", "--revoke").code == 4
