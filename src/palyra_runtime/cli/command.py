"""How a command is declared: its help, its examples, and the options that several of them take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import click
import rich_click
from rich_click import RichCommand, RichGroup

from palyra_runtime.cli.command_table import CommandTable
from palyra_runtime.cli.reach import words_of
from palyra_runtime.cli.session import OutputFormat, Session

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]

_HELP = {"help_option_names": ["-h", "--help"]}

reason_option: Decorator = click.option(
    "--reason", metavar="TEXT", help="Why you do this; it is kept beside the log."
)


def limit_option(default: int) -> Decorator:
    """Return the option that bounds a listing."""
    return click.option(
        "--limit",
        type=click.IntRange(1, 100_000),
        default=default,
        show_default=True,
        metavar="N",
        help="Show at most N rows.",
    )


def _choose_output(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.ensure_object(Session).output = OutputFormat(value)


# Eager, so that a mistake later in the line is told in the format that was asked for.
output_option: Decorator = click.option(
    "-o",
    "--output",
    type=click.Choice([output.value for output in OutputFormat]),
    callback=_choose_output,
    expose_value=False,
    is_eager=True,
    help="How to write results: for people (table), or for programs.",
)


def _assume_yes(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value:
        context.ensure_object(Session).assumes_yes = True


#: for commands that may ask; people type it last, so each of them takes it as well as the program itself
yes_option: Decorator = click.option(
    "-y", "--yes", is_flag=True, callback=_assume_yes, expose_value=False, help="Agree to what changes."
)


class _Command(RichCommand):
    """A command that is not begun where it asks no gateway, and one was named."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        if (reach := ctx.ensure_object(Session).reach) is not None:
            reach.check(words_of(ctx))
        return super().invoke(ctx)


def command(name: str, *examples: str) -> Callable[[Callable[..., None]], RichCommand]:
    """Make a function a command. Its docstring is the help; ``examples`` follow the command's path.

    People type ``-o`` last, so each command takes it as well as the program itself.
    """

    def declare(function: Callable[..., None]) -> RichCommand:
        made: RichCommand = rich_click.command(
            name, cls=_Command, epilog=epilog(examples), context_settings=_HELP, no_args_is_help=False
        )(output_option(function))
        return made

    return declare


def group(
    name: str, purpose: str, commands: Sequence[RichCommand], *, plural: str | None = None
) -> RichGroup:
    """Return the commands of one noun; where people list many of them, its ``plural`` works as well."""
    return RichGroup(
        name=name,
        help=purpose,
        aliases=[plural] if plural else [],
        commands=commands,
        context_settings=_HELP,
        no_args_is_help=True,
    )


def lazy_group(name: str, purpose: str, places: Mapping[str, str], *, plural: str | None = None) -> RichGroup:
    """Return a group whose commands are imported when they are named; see `CommandTable`."""
    made = group(name, purpose, [], plural=plural)
    made.commands = CommandTable(places)
    return made


def epilog(examples: Sequence[str]) -> str:
    """Return examples as they stand at the end of a help page; each follows the program's name."""
    # Blank lines between them: the renderer would join them to one paragraph.
    return "\n\n".join(["Examples:", *(f"$ palyra {example}" for example in examples)])
