"""``palyra key``: the keys that publishers sign with, and the one that signs the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli.command import Decorator, command, group, reason_option, yes_option
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime.authoring import PublicKey

key_option: Decorator = click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file with the signing key; by default keys/PUBLISHER.key in the home.",
)


@command("generate", "key generate acme", "key generate acme --out acme.key -o json")
@click.argument("publisher")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to make; by default keys/PUBLISHER.key in the home.",
)
@click.pass_obj
def generate(session: Session, publisher: str, out: Path | None) -> None:
    """Make a key for PUBLISHER to sign with, in a file that only you can read.

    Keep a copy where nobody else gets at it: who has the file can sign in the publisher's name.
    """
    from palyra_runtime import clock  # noqa: PLC0415
    from palyra_runtime.authoring import generate_key  # noqa: PLC0415

    _show(session, publisher, generate_key(out or signing_key_path(session, publisher), clock.entropy))


@command("show", "key show acme", "key show acme --key acme.key")
@click.argument("publisher")
@key_option
@click.pass_obj
def show(session: Session, publisher: str, key: Path | None) -> None:
    """Show what others know the key of PUBLISHER by: its id and its public half."""
    from palyra_runtime.authoring import read_public_key  # noqa: PLC0415

    _show(session, publisher, read_public_key(key or signing_key_path(session, publisher)))


def signing_key_path(session: Session, publisher: str) -> Path:
    """Return where the signing key of a publisher lies if nobody says otherwise.

    Raises:
        InvalidIdentifier: nobody can be called that.
    """
    from palyra_events.identifiers import normalize_identifier  # noqa: PLC0415
    from palyra_runtime.config import read_config  # noqa: PLC0415

    name = normalize_identifier(publisher, "publisher")
    return read_config(home=session.home).home / "keys" / f"{name}.key"


def _show(session: Session, publisher: str, key: PublicKey) -> None:
    told = {
        "publisher": publisher,
        "key_id": key.key_id,
        "public_key_base64": key.public_key_base64,
        "file": key.path,
    }
    session.show(
        told,
        lambda page: page.fields(
            [
                ("publisher", publisher),
                ("key id", key.key_id),
                ("public key", key.public_key_base64),
                ("file", key.path),
            ]
        ),
    )


@command(
    "rotate",
    "key rotate",
    "key rotate --reason 'once a year'",
    "key rotate --revoke --reason 'the disk was stolen' --yes",
)
@click.option("--revoke", is_flag=True, help="The old key may be in other hands: it signs nothing more.")
@reason_option
@yes_option
@click.pass_obj
def rotate(session: Session, revoke: bool, reason: str | None) -> None:  # noqa: FBT001 - click's
    """Sign the checkpoints of the log with another key from now on.

    The key is made here, the old one is forgotten, and the log says so. What the old key has signed
    before stays good.
    """
    session.confirm("Sign with another key from now on? Those who check proofs need to be told of it.")
    with session.palyra() as palyra:
        signed = palyra.ledger.rotate_key(revoke=revoke, reason=reason)
    told = {"verifier_key": str(signed.key), "signed": signed.checkpoint.size}
    session.show(
        told, lambda page: page.fields([("verifier key", signed.key), ("signed", signed.checkpoint.size)])
    )


KEY = group("key", "Make keys: those of publishers, and the one of the log.", [generate, show, rotate])
