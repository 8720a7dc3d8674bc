"""``palyra audit prove`` and ``palyra audit verifier``: what convinces somebody who has none of this."""

from __future__ import annotations

import sys
from importlib.resources import files

import click

from palyra_runtime.cli.command import command
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session


@command("prove", "audit prove 42", "audit prove 42 --checkpoint 4096", "audit prove 42 > bundle.json")
@click.argument("position", type=click.IntRange(min=1))
@click.option(
    "--checkpoint",
    type=click.IntRange(min=1),
    metavar="EVENTS",
    help="Prove it under the checkpoint of so many events, not under the newest.",
)
@click.pass_obj
def prove(session: Session, position: int, checkpoint: int | None) -> None:
    """Write a bundle that proves the event at POSITION to somebody who has neither log nor Palyra.

    It holds the event, the way to a signed head of the log, and that head, as JSON. Check it with the
    file that `palyra audit verifier` writes.
    """
    with session.palyra() as palyra:
        bundle = palyra.ledger.prove(position, checkpoint)
    session.results().document(bundle.model_dump(mode="json"))


@command("verifier", "audit verifier > verify_proof.py")
def verifier() -> None:
    """Write the program that checks proof bundles: one file, which needs Python and nothing else."""
    program = files("palyra_runtime.sdk").joinpath("auditor", "verify_proof.py").read_text(encoding="utf-8")
    # Without a width, whatever COLUMNS says: a program is not to be wrapped.
    Page(sys.stdout).block(program.removesuffix("\n"), indent=0)
