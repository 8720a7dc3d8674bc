"""The program ``palyra``: the tree of commands, the global options, and what happens to errors."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import rich_click
from click.exceptions import Exit
from click.shell_completion import shell_complete
from rich_click import RichGroup

from palyra_runtime.cli import failure
from palyra_runtime.cli.actor import ACTOR
from palyra_runtime.cli.audit import AUDIT
from palyra_runtime.cli.blob import BLOB
from palyra_runtime.cli.command import epilog, output_option
from palyra_runtime.cli.completion import COMPLETION_VARIABLE, completion
from palyra_runtime.cli.db import DB
from palyra_runtime.cli.decision import DECISION
from palyra_runtime.cli.delivery import DELIVERY
from palyra_runtime.cli.doctor import doctor
from palyra_runtime.cli.erase import erase
from palyra_runtime.cli.event import EVENT
from palyra_runtime.cli.gateway import GATEWAY
from palyra_runtime.cli.home import init
from palyra_runtime.cli.hook import HOOK
from palyra_runtime.cli.key import KEY
from palyra_runtime.cli.outbox import OUTBOX
from palyra_runtime.cli.page import OutputFailed, wants_color
from palyra_runtime.cli.plugin import PLUGIN
from palyra_runtime.cli.projection import PROJECTION
from palyra_runtime.cli.reach import API_VARIABLE, chosen_reach
from palyra_runtime.cli.replay import REPLAY
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.skill import SKILL
from palyra_runtime.cli.surface import SURFACE
from palyra_runtime.cli.token import TOKEN
from palyra_runtime.cli.trust import TRUST
from palyra_runtime.cli.version import version

_NAME = "palyra"


def _choose_color(context: click.Context, _parameter: click.Parameter, value: str) -> str:
    context.ensure_object(Session).color = value
    _color_help(value)
    return value


def _color_help(choice: str) -> None:
    """Colour the help as the rest; the renderer would keep bold and dim where colour is not wanted."""
    wanted = wants_color(choice, sys.stdout)
    rich_click.rich_click.COLOR_SYSTEM = "standard" if wanted else None
    rich_click.rich_click.FORCE_TERMINAL = wanted


@rich_click.group(
    _NAME,
    cls=RichGroup,
    commands=[
        init,
        SKILL,
        TRUST,
        KEY,
        PLUGIN,
        HOOK,
        DECISION,
        DELIVERY,
        OUTBOX,
        SURFACE,
        EVENT,
        PROJECTION,
        AUDIT,
        REPLAY,
        BLOB,
        ACTOR,
        erase,
        GATEWAY,
        TOKEN,
        doctor,
        DB,
        completion,
        version,
    ],
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    epilog=epilog(["init", "skill install greeter.palyra-skill --trust-on-first-use", "skill list -o json"]),
)
@click.option("--home", metavar="FOLDER", help="Where Palyra keeps its things. [env: PALYRA_HOME]")
@click.option(
    "--db",
    metavar="URL",
    help="The database, sqlite:///FILE or postgresql://…; by default palyra.db in the home. "
    "[env: PALYRA_DATABASE_URL]",
)
@click.option(
    "--api",
    metavar="URL",
    envvar=API_VARIABLE,
    help="Ask the gateway at this address, such as https://gateway.example.com, and open no database. "
    "[env: PALYRA_API]",
)
@click.option(
    "--token-file",
    metavar="FILE",
    help="With --api, the file of its token, if PALYRA_TOKEN does not hold it; by default token in the home.",
)
@click.option(
    "--insecure", is_flag=True, help="With --api, ask over http:// where others can read the token."
)
@click.option("--actor", metavar="ACTOR", help="Who acts, such as operator:ada. [env: PALYRA_ACTOR]")
@output_option
@click.option("-y", "--yes", is_flag=True, help="Answer yes to every question.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    callback=_choose_color,
    expose_value=False,
    is_eager=True,
    help="When to use colours; auto heeds NO_COLOR.",
)
@click.version_option(package_name=_NAME, message="%(prog)s %(version)s")
@click.pass_context
def root(
    context: click.Context, /, *, home: str | None, db: str | None, actor: str | None, yes: bool, **_: Any
) -> None:
    """Run other people's agent skills, and prove what they did."""
    session = context.ensure_object(Session)
    session.home, session.database_url, session.actor, session.assumes_yes = home, db, actor, yes
    session.reach = chosen_reach(context)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; ``arguments`` are those of the process by default."""
    if instruction := os.environ.get(COMPLETION_VARIABLE):
        return shell_complete(root, {}, _NAME, COMPLETION_VARIABLE, instruction)
    _prepare_streams()
    try:
        return _run(Session(), sys.argv[1:] if arguments is None else list(arguments))
    except BrokenPipeError:
        # As in `palyra event list | head`: what was wanted was read.
        _discard_output()
        return failure.UNREAD
    except (KeyboardInterrupt, click.Abort):
        return failure.INTERRUPTED


def _run(session: Session, arguments: list[str]) -> int:
    _color_help(session.color)
    try:
        _invoke(session, arguments)
    except (BrokenPipeError, click.Abort):
        raise
    except Exception as error:  # noqa: BLE001 - here, and only here, every error becomes an exit code
        if isinstance(error, OutputFailed):
            _discard_output()
        # Where nobody can be told, the exit code alone tells.
        with suppress(OutputFailed):
            failure.report(error, session.remarks(), as_json=not session.is_for_people)
        return failure.failure_of(error).exit_code
    return 0


def _invoke(session: Session, arguments: list[str]) -> None:
    try:
        with suppress(Exit), root.make_context(_NAME, arguments, obj=session) as context:
            root.invoke(context)
    finally:
        # What was written before an error is read before it, also where both go to one file.
        session.results().flush()


def _prepare_streams() -> None:
    """Write UTF-8 whatever the locale, and nowhere where a stream was closed before we started."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - kept to the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def _discard_output() -> None:
    """Let what is left in the buffer go nowhere: the interpreter would fail on it as it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
