"""``palyra plugin bind|list|run``: give modules of skills the names that hooks use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from palyra_events.strict_json import parse_json
from palyra_runtime.cli import units
from palyra_runtime.cli.command import Decorator, command, reason_option
from palyra_runtime.cli.failure import ToolRunFailed
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_events.capabilities import PluginCapabilityProfile
    from palyra_runtime.dispatch import ToolResult
    from projections import PluginRow

#: bytes; more than any tool takes
_INPUT_BYTES_MAX = 1024**2


def granted(grants: PluginCapabilityProfile) -> str:
    """Return how much is granted, in words."""
    lists = (
        ("http host", grants.http_hosts),
        ("secret", grants.secrets),
        ("storage prefix", grants.storage_prefixes),
        ("channel", grants.channels),
    )
    return ", ".join(units.plural(len(values), noun) for noun, values in lists if values) or "none"


def state(row: PluginRow) -> str:
    """Return whether a plugin may run, as far as that depends on itself."""
    return "enabled" if row.is_enabled else "disabled"


_COLUMNS: Sequence[Column[PluginRow]] = (
    Column("PLUGIN", lambda row: row.plugin_id, is_whole=True),
    Column("SKILL", lambda row: row.skill_id, is_whole=True),
    Column("MODULE", lambda row: row.module_path),
    Column("GRANTS", lambda row: granted(row.grants)),
    Column("STATE", state, is_whole=True),
)


#: what a plugin may be granted; without any of them, nothing
_GRANT_OPTIONS: tuple[Decorator, ...] = (
    click.option(
        "--http-host", "http_hosts", multiple=True, metavar="HOST", help="Grant requests to HOST. Repeatable."
    ),
    click.option(
        "--secret", "secrets", multiple=True, metavar="NAME", help="Grant the use of a secret. Repeatable."
    ),
    click.option(
        "--storage-prefix",
        "storage_prefixes",
        multiple=True,
        metavar="PREFIX",
        help="Grant storage below PREFIX. Repeatable.",
    ),
    click.option(
        "--channel",
        "channels",
        multiple=True,
        metavar="NAME",
        help="Grant messages to a channel. Repeatable.",
    ),
    click.option(
        "--secret-host",
        "secret_hosts",
        multiple=True,
        metavar="NAME=HOST",
        help="Let the secret NAME be sent to HOST. Repeatable.",
    ),
)


def grant_options(function: Callable[..., None]) -> Callable[..., None]:
    """Take the capabilities that a plugin is granted."""
    for option in reversed(_GRANT_OPTIONS):
        function = option(function)
    return function


@command(
    "bind",
    "plugin bind greeter --skill acme.greeter",
    "plugin bind weather --skill acme.weather --http-host api.example.com --channel ops",
)
@click.argument("plugin")
@click.option("--skill", required=True, metavar="SKILL", help="The skill that ships the module.")
@click.option(
    "--module", metavar="PATH", help="The module in it; by default the manifest's, or the only one."
)
@click.option("--entrypoint", metavar="NAME", help="The function to call; by default the manifest's.")
@grant_options
@reason_option
@click.pass_obj
def bind(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    plugin: str,
    skill: str,
    module: str | None,
    entrypoint: str | None,
    http_hosts: tuple[str, ...],
    secrets: tuple[str, ...],
    storage_prefixes: tuple[str, ...],
    channels: tuple[str, ...],
    secret_hosts: tuple[str, ...],
    reason: str | None,
) -> None:
    """Bind PLUGIN to a module of a skill, or bind it anew.

    Only what is named here is granted, and only if the skill's manifest declares it.
    """
    with session.palyra() as palyra:
        row = palyra.plugins.bind(
            plugin,
            skill=skill,
            module=module,
            entrypoint=entrypoint,
            http_hosts=http_hosts,
            secrets=secrets,
            storage_prefixes=storage_prefixes,
            channels=channels,
            secret_hosts=hosts_by_secret(secret_hosts),
            reason=reason,
        )
    sentence = (
        f"Plugin {row.plugin_id} runs {row.module_path} of {row.skill_id}; grants: {granted(row.grants)}."
    )
    session.show(row, lambda page: page.line(sentence))


def hosts_by_secret(pairs: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the hosts by the secret that may be sent to them."""
    hosts: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, host = pair.partition("=")
        if not (name and equals and host):
            raise click.BadParameter(f"{pair!r} is not NAME=HOST", param_hint="--secret-host")
        hosts.setdefault(name, []).append(host)
    return hosts


@command("list", "plugin list", "plugin list --at 90m -o ndjson")
@at_option
@click.pass_obj
def list_plugins(session: Session, at: datetime | int | None) -> None:
    """List the plugins: which module each one runs, and what it was granted."""
    with session.palyra() as palyra:
        rows = palyra.plugins.list(at=at)
    session.list(
        rows, _COLUMNS, empty="No plugin is bound. Bind one with: palyra plugin bind PLUGIN --skill SKILL"
    )


@command(
    "run",
    'plugin run greeter --tool acme.greet --input \'{"name": "Ada"}\'',
    "plugin run greeter --tool acme.greet --input @request.json -o json",
    "plugin run mailer --input @mail.json --approve --reason 'asked for in ticket 81'",
)
@click.argument("plugin")
@click.option(
    "--tool", metavar="ID", help="The tool to run; by default the skill's default, or its only one."
)
@click.option(
    "--input",
    "given",
    default="{}",
    show_default=True,
    metavar="JSON|@FILE",
    help="What the tool is asked: JSON, or a file that holds it.",
)
@click.option(
    "--approve", is_flag=True, help="Approve this run, where the tool asks for that; needs a reason."
)
@reason_option
@click.pass_obj
def run(  # noqa: PLR0913 - one parameter for each option
    session: Session, *, plugin: str, tool: str | None, given: str, approve: bool, reason: str | None
) -> None:
    """Run PLUGIN as a tool, as an agent does, and show its answer; the run is recorded.

    The input and the answer are checked against the tool's schemas. If the plugin fails, that is
    recorded and shown, and the exit code is 1.
    """
    asked = _json_value(given)
    with session.palyra() as palyra:
        result = palyra.plugins.run(plugin, tool=tool, input=asked, approve=approve, reason=reason)
    session.show(result, lambda page: _describe(page, result))
    if not result.succeeded:
        raise ToolRunFailed(result.message, outcome=result.outcome, position=result.position)


def _json_value(given: str) -> Any:
    """Return the value of an option that is JSON, or ``@`` and the name of a file that holds it."""
    return parse_json(_content(given) if given.startswith("@") else given, size_max=_INPUT_BYTES_MAX)


def _content(given: str) -> bytes:
    try:
        with Path(given[1:]).open("rb") as file:
            return file.read(_INPUT_BYTES_MAX + 1)
    except OSError as error:
        raise click.BadParameter(
            f"{given[1:]} cannot be read: {error.strerror}.", param_hint="'--input'"
        ) from error


def _describe(page: Page, result: ToolResult) -> None:
    page.line(f"{result.tool_id} of plugin {result.plugin_id}, recorded at position {result.position}")
    page.fields(
        [
            ("outcome", result.outcome),
            ("message", result.message),
            ("exit code", result.exit_code),
            ("fuel", units.count(result.fuel_units)),
            ("duration", units.duration(result.duration_us)),
        ]
    )
    if result.output is not None:
        page.line("output")
        page.block(json.dumps(result.output, ensure_ascii=False, indent=2))
    if result.logs:
        page.line("log")
        page.block("\n".join(f"{line['level']:<7}  {line['text']}" for line in result.logs))
