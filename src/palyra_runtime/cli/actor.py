"""``palyra actor``: what people are called, whom the log knows by opaque ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli.command import command, group
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.facade import ActorName

_COLUMNS: Sequence[Column[ActorName]] = (
    Column("ACTOR", lambda row: row.actor, is_whole=True),
    Column("NAME", lambda row: row.name, wraps=True),
)


@command("list", "actor list", "actor list -o json")
@click.pass_obj
def list_names(session: Session) -> None:
    """List the actors that have a name."""
    with session.palyra() as palyra:
        names = palyra.subjects.names()
    session.list(names, _COLUMNS, empty="No actor has a name.")


@command("name", "actor name operator:f3k9 'Ada Lovelace'")
@click.argument("actor")
@click.argument("name")
@click.pass_obj
def set_name(session: Session, actor: str, name: str) -> None:
    """Call ACTOR by NAME from now on.

    Names lie in an ordinary table: they can be changed and taken away, are in no backup, and never in
    the log.
    """
    with session.palyra() as palyra:
        named = palyra.subjects.name(actor, name)
    session.show(named, lambda page: page.line(f"{named.actor} is called {named.name}."))


@command("unname", "actor unname operator:f3k9")
@click.argument("actor")
@click.pass_obj
def take_name(session: Session, actor: str) -> None:
    """Take the name of ACTOR away; what the actor wrote stays. See palyra erase."""
    with session.palyra() as palyra:
        palyra.subjects.unname(actor)
    session.show({"actor": actor, "name": None}, lambda page: page.line(f"{actor} has no name any more."))


ACTOR = group(
    "actor", "Give names to the people who operate.", [list_names, set_name, take_name], plural="actors"
)
