"""``palyra plugin config``: what an operator sets for a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import document
from palyra_runtime.cli.command import command, group, reason_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column
from palyra_runtime.cli.typed_values import read_pairs, read_values, values_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.facade import ConfigField, PluginConfigDetail


def _value(field: ConfigField) -> str | None:
    if field.value is None or isinstance(field.value, str):
        return field.value
    return document.line(field.value)


def _standing(field: ConfigField) -> str:
    if field.issue:
        return field.issue
    if field.is_set:
        return "set"
    return "default" if field.value is not None else "not set"


_COLUMNS: Sequence[Column[ConfigField]] = (
    Column("KEY", lambda field: field.name + ("*" if field.is_required else ""), is_whole=True),
    Column("TYPE", lambda field: field.type, is_whole=True),
    Column("VALUE", _value),
    Column("", _standing, wraps=True),
)


@command("get", "plugin config get weather", "plugin config get weather -o json")
@click.argument("plugin")
@click.pass_obj
def get(session: Session, plugin: str) -> None:
    """Show what can be set for PLUGIN, and what is. Secrets are never shown."""
    with session.palyra() as palyra:
        found = palyra.configs.get(plugin)
    _show(session, found)


@command(
    "set",
    "plugin config set weather unit=K api_token=secret:weather_token",
    "plugin config set weather --values values.json --unset unit",
)
@click.argument("plugin")
@click.argument("pairs", metavar="[KEY=VALUE]...", nargs=-1)
@values_option
@click.option("--unset", multiple=True, metavar="KEY", help="Unset KEY. Repeatable.")
@reason_option
@click.pass_obj
def set_values(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    plugin: str,
    pairs: tuple[str, ...],
    given: str | None,
    unset: tuple[str, ...],
    reason: str | None,
) -> None:
    """Set values for PLUGIN; what is not named stays.

    Without any value, what was set for another release of the skill is confirmed for the one that is
    enabled now. A secret is set as secret:NAME.
    """
    values, texts = read_values(given), read_pairs(pairs, "KEY=VALUE")
    with session.palyra() as palyra:
        found = palyra.configs.set(plugin, values, texts=texts, unset=unset, reason=reason)
    _show(session, found)


@command("clear", "plugin config clear weather --reason 'back to the defaults'")
@click.argument("plugin")
@reason_option
@click.pass_obj
def clear(session: Session, plugin: str, reason: str | None) -> None:
    """Unset all values of PLUGIN."""
    with session.palyra() as palyra:
        found = palyra.configs.clear(plugin, reason=reason)
    _show(session, found)


def _show(session: Session, found: PluginConfigDetail) -> None:
    session.show(found, lambda page: _describe(page, found))


def _describe(page: Page, found: PluginConfigDetail) -> None:
    page.line(f"Configuration of plugin {found.plugin_id}, for {found.skill_id} {found.skill_version}")
    page.fields([("state", found.state)])
    if found.fields:
        page.table(_COLUMNS, found.fields)
    else:
        page.line("The skill takes no configuration.")
    page.items(found.issues, title="The plugin does not run:" if found.issues else None)


CONFIG = group("config", "Set what a skill lets its operator choose.", [get, set_values, clear])
