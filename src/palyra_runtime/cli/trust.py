"""``palyra trust``: say whose skills may come in, and take that back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_events.errors import InvalidInput
from palyra_runtime.cli import units
from palyra_runtime.cli.bulk import dry_run_option
from palyra_runtime.cli.command import command, group, reason_option, yes_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_runtime.facade import Revocation
    from projections import TrustRow

#: bytes; more than a trust store or a key file can have
_FILE_BYTES_MAX = 16 * 1024**2

#: a public key, as the examples have it
_KEY = "0b8a47535e6f70819f2c6d1e29a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c9"

#: what is left to keys that sign no new release
_SIGNS_NOTHING = {"retired": "none that is new", "revoked": "none"}
_ANY_SKILL = "any that is not another's"

_COLUMNS: Sequence[Column[TrustRow]] = (
    Column("PUBLISHER", lambda row: row.publisher, is_whole=True),
    Column("KEY", lambda row: row.key_id, is_whole=True),
    Column("STANDING", lambda row: row.standing, is_whole=True),
    Column("SKILLS", lambda row: _skills(row), wraps=True),  # noqa: PLW0108 - it is defined below
)


class UnreadableFile(InvalidInput):
    """The file cannot be read."""

    code = "UNREADABLE_FILE"
    advice = "Name a file that is there and that you may read."


def _skills(row: TrustRow) -> str:
    if row.standing in _SIGNS_NOTHING:
        return _SIGNS_NOTHING[row.standing]
    return ", ".join(row.skills) or _ANY_SKILL


@command(
    "add",
    f"trust add acme {_KEY}",
    f"trust add acme {_KEY} --skills acme.*,orchid.echo --reason 'called them, ticket 81'",
)
@click.argument("publisher")
@click.argument("key")
@click.option(
    "--skills",
    metavar="LIST",
    default="",
    help="The skills that the key may sign, and nobody else: ids and prefixes, as in acme.*,orchid.echo.",
)
@reason_option
@click.pass_obj
def add(session: Session, publisher: str, key: str, skills: str, reason: str | None) -> None:
    """Put KEY on the list of keys that PUBLISHER's artifacts may be signed with.

    KEY is the public key in hexadecimal or base64. A publisher with such a list is judged by it alone:
    a key that was accepted on first use counts no more.
    """
    patterns = [text for text in skills.split(",") if text.strip()]
    with session.palyra() as palyra:
        rows = palyra.trust.add(publisher, key, skills=patterns, reason=reason)
    session.list(rows, _COLUMNS, empty="")


@command("list", "trust list", "trust list acme --at 41", "trust list -o json")
@click.argument("publisher", required=False)
@at_option
@click.pass_obj
def list_keys(session: Session, publisher: str | None, at: datetime | int | None) -> None:
    """List the keys that are known, of all publishers or of PUBLISHER, and how far each is trusted."""
    with session.palyra() as palyra:
        rows = palyra.trust.list(publisher, at=at)
    session.list(rows, _COLUMNS, empty="No publisher is known. Add one with: palyra trust add PUBLISHER KEY")


@command(
    "revoke",
    "trust revoke ed25519:5b2a7c9d1e0f3846 --reason 'the key was in a public repository'",
    "trust revoke acme --dry-run",
)
@click.argument("publisher_or_key", metavar="PUBLISHER|KEY")
@dry_run_option
@yes_option
@reason_option
@click.pass_obj
def revoke(session: Session, publisher_or_key: str, reason: str | None, *, dry_run: bool) -> None:
    """Revoke one key, or all keys of a publisher, for ever.

    What is enabled and was signed with them goes into quarantine in the same step, and nothing that
    they signed can be installed or enabled any more.
    """
    with session.palyra() as palyra:
        plan = palyra.trust.plan_revocation(publisher_or_key)
        if dry_run:
            session.show(plan, lambda page: _describe(page, plan, "would be"))
            return
        stopped = units.plural(len(plan.quarantined), "enabled release")
        session.confirm(f"Revoke {units.plural(len(plan.keys), 'key')} for ever, and quarantine {stopped}?")
        done = palyra.trust.revoke(publisher_or_key, reason=reason)
    session.show(done, lambda page: _describe(page, done, "is"))


@command(
    "rotate",
    f"trust rotate acme {_KEY} --endorsement word.txt",
    f"trust rotate acme {_KEY} --reason 'called them'",
)
@click.argument("publisher")
@click.argument("new_key")
@click.option(
    "--endorsement",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The old key's own word for the new one, as trust endorse writes it.",
)
@click.option("--replaces", metavar="KEY", help="The key that is replaced, where the publisher has several.")
@yes_option
@reason_option
@click.pass_obj
def rotate(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    publisher: str,
    new_key: str,
    *,
    endorsement: Path | None,
    replaces: str | None,
    reason: str | None,
) -> None:
    """Let NEW_KEY take the place of PUBLISHER's key.

    What the old key signed stays installed, and can be enabled; new releases need the new key. Without
    an endorsement nothing but your word stands for the new key: you are asked, and it needs a reason.
    """
    word = None if endorsement is None else _read(endorsement).decode("ascii", "replace")
    if word is None:
        session.confirm(f"Accept a new key of {publisher} that the old one has not endorsed?")
    with session.palyra() as palyra:
        rows = palyra.trust.rotate(publisher, new_key, replaced=replaces, endorsement=word, reason=reason)
    session.list(rows, _COLUMNS, empty="")


@command(
    "endorse",
    f"trust endorse acme {_KEY} --key acme.key > word.txt",
)
@click.argument("publisher")
@click.argument("new_key")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The file with the old private key.",
)
@click.pass_obj
def endorse(session: Session, publisher: str, new_key: str, key: Path) -> None:
    """Sign, as PUBLISHER and with its old key, that NEW_KEY is its key from now on.

    Give what is printed to those who trust the old key, for palyra trust rotate.
    """
    from palyra_events.publisher import normalize_publisher  # noqa: PLC0415 - only needed here
    from palyra_runtime import skills  # noqa: PLC0415 - brings cryptography

    signer = skills.SigningKey.from_seed(skills.parse_signing_key(_read(key)))
    word = skills.endorse(signer, normalize_publisher(publisher), skills.parse_public_key(new_key).hex())
    said = {"endorsement": word, "key_id": skills.key_id(signer.public_key)}
    session.show(said, lambda page: page.line(word))


@command("import", "trust import trust-store.json --reason 'moved from the old gateway'")
@click.argument("file", type=click.Path(path_type=Path))
@reason_option
@click.pass_obj
def import_store(session: Session, file: Path, reason: str | None) -> None:
    """Take over the trust store FILE of another installation: all of it, or nothing.

    What is known here already stays as it is.
    """
    with session.palyra() as palyra:
        rows = palyra.trust.import_store(_read(file), reason=reason)
    session.list(rows, _COLUMNS, empty="The file trusts nobody.")


@command("export", "trust export > trust-store.json")
@click.pass_obj
def export_store(session: Session) -> None:
    """Write the allow-list and the pinned keys as a trust store, which is JSON.

    The format has no place for the skills that a key is bound to, nor for revoked keys.
    """
    with session.palyra() as palyra:
        store = palyra.trust.export_store()
    session.results().document(store)


def _describe(page: Page, revocation: Revocation, verb: str) -> None:
    for key in revocation.keys:
        page.line(f"{key.key_id} of {key.publisher} {verb} revoked.")
    for row in revocation.quarantined:
        page.line(f"{row.skill_id} {row.version} {verb} quarantined.")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_BYTES_MAX)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise UnreadableFile(f"{str(path)!r} cannot be read: {cause}.", path=str(path)) from error


TRUST = group(
    "trust",
    "Say whose skills may come in, and take that back.",
    [add, list_keys, revoke, rotate, endorse, import_store, export_store],
)
