"""Showing what changes when another release is to run, and asking whether that is agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.exceptions import Exit

from palyra_runtime.cli import entitlement
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from palyra_runtime.facade import PluginChange, ReleaseChange
    from palyra_runtime.records import ReleaseChangeRecord


def asking(session: Session, *, dry_run: bool = False) -> Callable[[ReleaseChange], bool]:
    """Return what shows a change and asks for consent, where it is needed; a dry run ends with that.

    Where nobody can answer, only ``--yes`` is consent.
    """

    def consent(change: ReleaseChange) -> bool:
        if dry_run:
            session.show(_record(change), lambda page: describe(page, change))
            raise Exit(0)
        if session.is_for_people:
            describe(session.remarks(), change)
        if not change.findings or session.assumes_yes:
            return True
        if session.can_ask:
            session.confirm("Go on?")
        return session.can_ask

    return consent


def _record(change: ReleaseChange) -> ReleaseChangeRecord:
    from palyra_runtime.records import ReleaseChangeRecord  # noqa: PLC0415 - help does not wait for it

    return ReleaseChangeRecord.of(change)


def describe(page: Page, change: ReleaseChange) -> None:
    """Write what changes, where there is something to look at."""
    if not (change.plugins or change.findings or change.declares_less):
        return
    place = f" takes the place of {change.previous}" if change.previous else " is to run"
    page.line(f"{change.skill_id} {change.version}{place}.")
    page.items(change.declares_more, title="It asks for more:")
    page.items(change.declares_less, title="It asks for less:")
    for plugin in change.plugins:
        _describe_plugin(page, plugin)
    page.items(change.findings, title="This has to be agreed to:")


def _describe_plugin(page: Page, plugin: PluginChange) -> None:
    how = ", bound anew" if plugin.is_rebound else ""
    refused = f"; it will not run: {plugin.refused.replace('_', ' ')}" if plugin.refused else ""
    page.line(f"Plugin {plugin.plugin_id} has {plugin.module_path}{how}{refused}.")
    if plugin.entitlement.values:
        page.table(entitlement.COLUMNS, plugin.entitlement.values)
