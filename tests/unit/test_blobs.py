from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from palyra_events.blob import keep, seal
from palyra_events.errors import LogDamaged
from palyra_runtime.blobs import kept_bytes, kept_text
from tests.stage import Stage


def replace(stage: Stage, digest: bytes, content: bytes | None) -> None:
    with closing(sqlite3.connect(stage.log.path)) as connection, connection:
        connection.execute("DELETE FROM blob WHERE digest = ?", (digest,))
        if content is not None:
            connection.execute("INSERT INTO blob VALUES (?, ?)", (digest, content))


def test_kept_bytes_and_texts_are_returned(stage: Stage):
    """What lies beside the log is found by its name."""
    reference, blob = keep(b"output")
    sealed, text = seal("größer", bytes(range(32)))
    stage.log.append([], blobs=[blob, text])

    assert kept_bytes(stage.log, reference.sha256) == b"output"
    assert kept_text(stage.log, sealed) == "größer"


def test_what_was_never_there_or_was_erased_is_none(stage: Stage):
    """Erasure leaves nothing, and is no error."""
    reference, blob = keep(b"output")
    sealed, text = seal("noise", bytes(32))
    stage.log.append([], blobs=[blob, text])
    replace(stage, blob.digest, None)
    replace(stage, text.digest, None)

    assert kept_bytes(stage.log, reference.sha256) is None
    assert kept_text(stage.log, sealed) is None
    assert kept_bytes(stage.log, None) is None
    assert kept_text(stage.log, None) is None


def test_what_was_changed_is_damage(stage: Stage):
    """Bytes that are not the recorded ones are never passed on."""
    reference, blob = keep(b"output")
    sealed, text = seal("noise", bytes(32))
    stage.log.append([], blobs=[blob, text])
    replace(stage, blob.digest, b"outpuT")
    replace(stage, text.digest, bytes(32) + b"praise")

    with pytest.raises(LogDamaged):
        kept_bytes(stage.log, reference.sha256)
    with pytest.raises(LogDamaged):
        kept_text(stage.log, sealed)
