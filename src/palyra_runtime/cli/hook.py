"""``palyra hook``: say which plugin runs when something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, group, reason_option
from palyra_runtime.cli.decision import decide
from palyra_runtime.cli.hook_change import rebind, unbind
from palyra_runtime.cli.hook_file import export_hooks, import_hooks
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from projections import HookRow


def _state(row: HookRow) -> str:
    return "enabled" if row.is_enabled else "disabled"


_COLUMNS: Sequence[Column[HookRow]] = (
    Column("HOOK", lambda row: row.hook_id, is_whole=True),
    Column("EVENT", lambda row: row.event_kind, is_whole=True),
    Column("PLUGIN", lambda row: row.plugin_id, is_whole=True),
    Column("STATE", _state, is_whole=True),
    Column("TRIES", lambda row: row.attempts_max, is_number=True),
    Column("CHANGED (UTC)", lambda row: units.short_moment(row.changed_at), is_whole=True),
)


@command(
    "bind",
    "hook bind greet --event skill:enabled --plugin greeter",
    "hook bind alarm --event skill:quarantined --plugin notifier --attempts-max 10",
    "hook bind guard --event run:before_tool --plugin policy --on-failure block",
    "hook bind mirror --event skill:enabled --plugin mirror --ordering none",
)
@click.argument("hook")
@click.option(
    "--event",
    required=True,
    metavar="EVENT",
    help="gateway:startup, skill:enabled, skill:quarantined, skill:disabled, or a phase of a run such as "
    "run:before_tool, which is asked and answers at once.",
)
@click.option("--plugin", required=True, metavar="PLUGIN", help="The plugin to run.")
@click.option(
    "--attempts-max",
    type=int,
    metavar="N",
    help="Attempts before a delivery is given up; by default what the policy allows.",
)
@click.option(
    "--ordering",
    type=click.Choice(["hook", "skill", "none"]),
    default="hook",
    show_default=True,
    help="Keep the order of events within the hook, among the hooks of a skill that say so, or not at all.",
)
@click.option(
    "--on-failure",
    type=click.Choice(["block", "continue"]),
    help="At a phase of a run: what a missing answer means; by default it blocks.",
)
@reason_option
@click.pass_obj
def bind(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    hook: str,
    event: str,
    plugin: str,
    attempts_max: int | None,
    ordering: str,
    on_failure: str | None,
    reason: str | None,
) -> None:
    """Bind HOOK: run a plugin whenever an event of a kind happens from now on; or change it."""
    with session.palyra() as palyra:
        row = palyra.hooks.bind(
            hook,
            event=event,
            plugin=plugin,
            attempts_max=attempts_max,
            ordering=ordering,
            on_failure=on_failure,
            reason=reason,
        )
    session.show(row, lambda page: page.line(f"Hook {row.hook_id} runs {row.plugin_id} on {row.event_kind}."))


@command("list", "hook list", "hook list --at 12", "hook list --at 2026-03-01T12:00")
@at_option
@click.pass_obj
def list_hooks(session: Session, at: datetime | int | None) -> None:
    """List the hooks, as they are or as they were."""
    with session.palyra() as palyra:
        rows = palyra.hooks.list(at=at)
    session.list(
        rows, _COLUMNS, empty="No hook is bound. Bind one with: palyra hook bind HOOK --event … --plugin …"
    )


@command("enable", "hook enable greet", "hook enable greet --reason 'the noise is over'")
@click.argument("hook")
@reason_option
@click.pass_obj
def enable(session: Session, hook: str, reason: str | None) -> None:
    """Let HOOK react again."""
    with session.palyra() as palyra:
        row = palyra.hooks.enable(hook, reason=reason)
    _show_state(session, row)


@command("disable", "hook disable greet", "hook disable greet --reason 'too noisy'")
@click.argument("hook")
@reason_option
@click.pass_obj
def disable(session: Session, hook: str, reason: str | None) -> None:
    """Stop HOOK from reacting; what is scheduled already is still carried out."""
    with session.palyra() as palyra:
        row = palyra.hooks.disable(hook, reason=reason)
    _show_state(session, row)


def _show_state(session: Session, row: HookRow) -> None:
    session.show(row, lambda page: page.line(f"Hook {row.hook_id} is {_state(row)}."))


HOOK = group(
    "hook",
    "Say which plugin runs when something happens.",
    [bind, rebind, unbind, list_hooks, enable, disable, import_hooks, export_hooks, decide],
    plural="hooks",
)
