"""``palyra audit checkpoint``: signed heads of the log, outside its database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.ledger import SignedCheckpoint
    from palyra_runtime.records import CheckpointRecord

_COLUMNS: Sequence[Column[SignedCheckpoint]] = (
    Column("EVENTS", lambda row: row.checkpoint.size, is_number=True),
    Column("SIGNED (UTC)", lambda row: units.short_moment(row.signed_at) if row.signed_at else "-"),
    Column("ROOT", lambda row: row.checkpoint.root.hex()[:16], is_whole=True),
    Column("KEY", lambda row: row.key.key_id.hex(), is_whole=True),
)


@command("create", "audit checkpoint create", "audit checkpoint create -o json")
@click.pass_obj
def create(session: Session) -> None:
    """Sign the head of the log, and keep it outside the database.

    A gateway does so by itself. Nothing is signed where the log does not continue what was signed
    before; the exit code is then 6.
    """
    with session.palyra() as palyra:
        signed = palyra.ledger.checkpoint()
    session.show(
        record(signed),
        lambda page: page.fields(
            [
                ("events", signed.checkpoint.size),
                ("root", signed.checkpoint.root.hex()),
                ("signed", units.moment(signed.signed_at) if signed.signed_at else None),
                ("verifier key", signed.key),
            ]
        ),
    )


@command("list", "audit checkpoint list", "audit checkpoint list -o ndjson")
@click.pass_obj
def listing(session: Session) -> None:
    """List the checkpoints of the folder, the smallest first; each one's signature is checked."""
    with session.palyra() as palyra:
        rows = palyra.ledger.checkpoints()
    session.list(rows, _COLUMNS, empty="Nothing was signed yet.", record=record)


def record(signed: SignedCheckpoint) -> CheckpointRecord:
    """Return a checkpoint for programs."""
    from palyra_runtime.records import CheckpointRecord  # noqa: PLC0415 - help does not wait for it

    return CheckpointRecord.of(signed)


CHECKPOINT = group(
    "checkpoint",
    "Sign the head of the log, and see what was signed.",
    [create, listing],
    plural="checkpoints",
)
