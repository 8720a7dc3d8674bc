"""How far commands reach: which of them ask a gateway that was named, and which work on this machine only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from palyra_runtime import Palyra

#: where the gateway is, if no option tells it
API_VARIABLE = "PALYRA_API"

#: why a command asks no gateway
_MACHINE, _FILES = (
    "is done on the gateway's own machine",
    "works on files of this machine, and asks no gateway",
)

#: commands that ask no gateway, by their words, and why
LOCAL: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "init",
                "gateway run",
                "gateway login",
                "db backup",
                "db restore",
                "db migrate",
            ),
            _MACHINE,
        ),
        **dict.fromkeys(
            (
                "skill new",
                "skill build",
                "skill test",
                "skill bench",
                "skill pack",
                "trust endorse",
                "key generate",
                "key show",
            ),
            _FILES,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Reach:
    """The gateway that the commands of a session ask, and how its token is found.

    ``is_typed`` tells one that was named for this command from one that is named for all.
    """

    url: str
    token_file: str | None
    is_typed: bool

    def check(self, words: str) -> None:
        """Check that a command asks a gateway; one that needs none runs where somebody just has one.

        Raises:
            LocalOnly: it does not.
        """
        from palyra_runtime.api.address import LocalOnly  # noqa: PLC0415 - help does not wait for it

        why = LOCAL.get(words)
        if why is not None and (self.is_typed or why == _MACHINE):
            raise LocalOnly(f"palyra {words} {why}.", command=words)

    def open(self, home: Path) -> Palyra:
        """Return what the gateway can do, with the nouns that an open database has.

        Raises:
            TokenMissing, TokenExposed: there is no token to show.
        """
        # Imported here, as most commands open a database.
        from palyra_runtime.api import Client, RemotePalyra, token_of  # noqa: PLC0415

        return cast("Palyra", RemotePalyra(Client(self.url, token_of(home, self.token_file))))


def chosen_reach(context: click.Context) -> Reach | None:
    """Return the gateway that the options of the program name, None where a database is opened.

    What was typed wins over what the environment says for all commands.

    Raises:
        UsageError: the options do not go together.
        InvalidGatewayUrl, PlainGatewayUrl: it cannot be asked.
    """
    from palyra_runtime.api.address import check_address  # noqa: PLC0415 - help does not wait for it

    url, token_file, insecure = (context.params[name] for name in ("api", "token_file", "insecure"))
    is_typed = _is_typed(context, "api")
    if is_typed and context.params["db"]:
        raise click.UsageError("--api asks a gateway, and --db opens a database: give one of them.", context)
    if not url or (context.params["db"] and not is_typed):
        if token_file or insecure:
            raise click.UsageError("--token-file and --insecure are for --api.", context)
        return None
    if context.params["actor"]:
        raise click.UsageError("A gateway knows by the token who acts; leave --actor out.", context)
    return Reach(check_address(url, allows_plain=insecure), token_file, is_typed)


def words_of(context: click.Context) -> str:
    """Return the words of a command by which people know it, without the program's name."""
    names: list[str] = []
    while context.parent is not None:
        names.insert(0, context.command.name or "")
        context = context.parent
    return " ".join(names)


def _is_typed(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE
