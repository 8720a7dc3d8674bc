"""``palyra plugin grants show|diff|set``: what a plugin may do, and what of it is in effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import entitlement
from palyra_runtime.cli.command import command, group, reason_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.plugin_binding import grant_options, granted, hosts_by_secret
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_events.capabilities import Difference
    from palyra_runtime.facade.plugins import PluginGrants
    from palyra_runtime.records import DifferenceRecord, GrantsRecord

_DIFFERENCES: Sequence[Column[Difference]] = (
    Column("DIFFERENCE", lambda each: each.kind, is_whole=True),
    Column("CAPABILITY", lambda each: entitlement.CLASS_NOUNS[each.capability_class], is_whole=True),
    Column("VALUE", lambda each: each.value),
    Column("MEANING", lambda each: _difference(each).message, wraps=True),
)

_release_option = click.option(
    "--release", metavar="VERSION", help="Under this release; by default the enabled or newest one."
)


@command("show", "plugin grants show weather", "plugin grants show weather --release 2.0.0 -o json")
@click.argument("plugin")
@_release_option
@click.pass_obj
def show(session: Session, plugin: str, release: str | None) -> None:
    """Show what PLUGIN may do: what its skill declares, what was granted, and what is in effect."""
    with session.palyra() as palyra:
        found = palyra.plugins.grants(plugin, version=release)
    session.show(_record(found), lambda page: _describe(page, found))


@command("diff", "plugin grants diff weather", "plugin grants diff weather --release 2.0.0 -o json")
@click.argument("plugin")
@_release_option
@click.pass_obj
def diff(session: Session, plugin: str, release: str | None) -> None:
    """Show where what is declared, granted and allowed for PLUGIN differs, and what that means."""
    with session.palyra() as palyra:
        found = palyra.plugins.grants(plugin, version=release)
    session.list(
        found.entitlement.diff.differences,
        _DIFFERENCES,
        record=_difference,
        empty="What is declared is granted, and all of it is allowed.",
    )


@command(
    "set",
    "plugin grants set weather --http-host api.example.com",
    "plugin grants set weather --reason 'it needs nothing'",
)
@click.argument("plugin")
@grant_options
@reason_option
@click.pass_obj
def set_grants(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    plugin: str,
    http_hosts: tuple[str, ...],
    secrets: tuple[str, ...],
    storage_prefixes: tuple[str, ...],
    channels: tuple[str, ...],
    secret_hosts: tuple[str, ...],
    reason: str | None,
) -> None:
    """Grant PLUGIN what is named here, and nothing else, for the module that it is bound to."""
    with session.palyra() as palyra:
        row = palyra.plugins.set_grants(
            plugin,
            http_hosts=http_hosts,
            secrets=secrets,
            storage_prefixes=storage_prefixes,
            channels=channels,
            secret_hosts=hosts_by_secret(secret_hosts),
            reason=reason,
        )
    session.show(row, lambda page: page.line(f"Grants of plugin {row.plugin_id}: {granted(row.grants)}."))


def _record(found: PluginGrants) -> GrantsRecord:
    from palyra_runtime.records import GrantsRecord  # noqa: PLC0415 - help does not wait for it

    return GrantsRecord.of(found)


def _difference(each: Difference) -> DifferenceRecord:
    from palyra_runtime.records import DifferenceRecord  # noqa: PLC0415 - help does not wait for it

    return DifferenceRecord.of(each)


def _describe(page: Page, found: PluginGrants) -> None:
    page.line(f"Plugin {found.plugin_id} under {found.skill_id} {found.version}")
    page.fields([("module", found.module_path), ("standing", _standing(found))])
    if found.entitlement.values:
        page.table(entitlement.COLUMNS, found.entitlement.values)
    else:
        page.line("Nothing is declared, and nothing is granted.")
    page.items(
        [f"{name}: {', '.join(hosts)}" for name, hosts in found.secret_hosts.items()],
        title="hosts that secrets may be sent to",
    )


def _standing(found: PluginGrants) -> str:
    if not found.has_module:
        return "this release has no such module"
    if found.is_same_module:
        return "the module that it is bound to"
    if found.entitlement.granted.is_empty:
        return "another module than it was bound to; without grants, it runs"
    return "another module than it was bound to; with grants, it does not run before it is bound anew"


GRANTS = group("grants", "See what a plugin may do, and change that.", [show, diff, set_grants])
