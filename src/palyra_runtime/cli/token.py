"""``palyra token``: what programs show to a gateway, and how it is taken away from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime import clock
from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, reason_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_runtime.facade import IssuedToken
    from projections import TokenRow

#: those of `palyra_events.token.Role`, which help does not wait for
ROLES = ("viewer", "operator", "admin")


def _columns(now: datetime) -> Sequence[Column[TokenRow]]:
    def standing(row: TokenRow) -> str:
        if row.spent_at is not None:
            return "used" if row.kind == "login" else "revoked"
        if row.expires_at is None:
            return "no end"
        return "expired" if row.expires_at <= now else f"{units.age(row.expires_at - now)} left"

    return (
        Column("TOKEN", lambda row: row.token_id, is_whole=True),
        Column("KIND", lambda row: row.kind, is_whole=True),
        Column("ROLE", lambda row: row.role, is_whole=True),
        Column("ACTS AS", lambda row: row.holder),
        Column("STANDING", standing, is_whole=True),
        Column("ISSUED (UTC)", lambda row: units.short_moment(row.issued_at), is_whole=True),
    )


@command(
    "create",
    "token create --role operator --days 90",
    "token create --role viewer --for operator:grafana --reason 'the wall screen' -o json",
)
@click.option("--role", type=click.Choice(ROLES), required=True, help="What whoever has it may do.")
@click.option("--for", "holder", metavar="ACTOR", help="Whom it acts as; by default, you.")
@click.option("--days", type=click.IntRange(1, 3650), metavar="N", help="Let it expire after N days.")
@reason_option
@click.pass_obj
def create(session: Session, *, role: str, holder: str | None, days: int | None, reason: str | None) -> None:
    """Make a token for a program that asks a gateway. It is shown now, and never again.

    A viewer may look at everything, an operator may change everything but tokens and keys, an admin may
    change these too.
    """
    from palyra_events import Role  # noqa: PLC0415 - help does not wait for it

    with session.palyra() as palyra:
        issued = palyra.tokens.create(Role(role), holder=holder, days=days, reason=reason)
    session.show(issued, lambda page: _describe(page, issued))


def _describe(page: Page, issued: IssuedToken) -> None:
    row = issued.token
    page.line(issued.secret)
    page.fields(
        [
            ("token", row.token_id),
            ("acts as", row.holder),
            ("role", row.role),
            ("expires", units.moment(row.expires_at) or "never"),
        ]
    )


@command("list", "token list", "token list --all -o json")
@click.option("--all", "spent", is_flag=True, help="Also those that do not count any more.")
@at_option
@click.pass_obj
def list_tokens(session: Session, *, spent: bool, at: datetime | int | None) -> None:
    """List the tokens that count, also those of browsers that are logged in; not what they are."""
    with session.palyra() as palyra:
        rows = palyra.tokens.list(spent=spent, at=at)
    empty = "Nobody has a token. Make one with: palyra token create --role viewer"
    session.list(rows, _columns(clock.now()), empty=empty)


@command("revoke", "token revoke 3f2a9c0d1b2e4f60 --reason 'the laptop was lost'")
@click.argument("token")
@reason_option
@click.pass_obj
def revoke(session: Session, token: str, reason: str | None) -> None:
    """Let TOKEN count no longer, from this moment on."""
    with session.palyra() as palyra:
        row = palyra.tokens.revoke(token, reason=reason)
    session.show(row, lambda page: page.line(f"Token {row.token_id} of {row.holder} is revoked."))


TOKEN = group(
    "token", "Say who may ask a gateway, and for what.", [create, list_tokens, revoke], plural="tokens"
)
