"""``palyra plugin``: give modules of skills the names that hooks use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, reason_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_events.capabilities import PluginCapabilityProfile
    from projections import PluginRow


def _grants(grants: PluginCapabilityProfile) -> str:
    lists = (
        ("http host", grants.http_hosts),
        ("secret", grants.secrets),
        ("storage prefix", grants.storage_prefixes),
        ("channel", grants.channels),
    )
    return ", ".join(units.plural(len(values), noun) for noun, values in lists if values) or "none"


_COLUMNS: Sequence[Column[PluginRow]] = (
    Column("PLUGIN", lambda row: row.plugin_id, is_whole=True),
    Column("SKILL", lambda row: row.skill_id, is_whole=True),
    Column("MODULE", lambda row: row.module_path),
    Column("GRANTS", lambda row: _grants(row.grants)),
)


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
@click.option(
    "--http-host", "http_hosts", multiple=True, metavar="HOST", help="Grant requests to HOST. Repeatable."
)
@click.option(
    "--secret", "secrets", multiple=True, metavar="NAME", help="Grant the use of a secret. Repeatable."
)
@click.option(
    "--storage-prefix",
    "storage_prefixes",
    multiple=True,
    metavar="PREFIX",
    help="Grant storage below PREFIX. Repeatable.",
)
@click.option(
    "--channel", "channels", multiple=True, metavar="NAME", help="Grant messages to a channel. Repeatable."
)
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
            reason=reason,
        )
    sentence = (
        f"Plugin {row.plugin_id} runs {row.module_path} of {row.skill_id}; grants: {_grants(row.grants)}."
    )
    session.show(row, lambda page: page.line(sentence))


@command("list", "plugin list", "plugin list -o ndjson")
@click.pass_obj
def list_plugins(session: Session) -> None:
    """List the plugins: which module each one runs, and what it was granted."""
    with session.palyra() as palyra:
        rows = palyra.plugins.list()
    session.list(
        rows, _COLUMNS, empty="No plugin is bound. Bind one with: palyra plugin bind PLUGIN --skill SKILL"
    )


PLUGIN = group(
    "plugin", "Give modules of skills the names that hooks use.", [bind, list_plugins], plural="plugins"
)
