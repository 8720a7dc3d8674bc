"""``palyra hook rebind|unbind``: change a hook that is bound, and take it away."""

from __future__ import annotations

import click

from palyra_runtime.cli.command import command, reason_option
from palyra_runtime.cli.session import Session


@command(
    "rebind",
    "hook rebind greet --plugin polite-greeter",
    "hook rebind alarm --attempts-max 10 --reason 'the pager is slow'",
)
@click.argument("hook")
@click.option("--event", metavar="EVENT", help="React to this event instead.")
@click.option("--plugin", metavar="PLUGIN", help="Run this plugin instead.")
@click.option("--attempts-max", type=int, metavar="N", help="Attempts before a delivery is given up.")
@click.option(
    "--ordering",
    type=click.Choice(["hook", "skill", "none"]),
    help="Keep the order of events within the hook, among the hooks of a skill that say so, or not at all.",
)
@click.option(
    "--on-failure",
    type=click.Choice(["block", "continue"]),
    help="At a phase of a run: what a missing answer means.",
)
@reason_option
@click.pass_obj
def rebind(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    hook: str,
    event: str | None,
    plugin: str | None,
    attempts_max: int | None,
    ordering: str | None,
    on_failure: str | None,
    reason: str | None,
) -> None:
    """Change what is named about HOOK, and nothing else, for what happens from now on."""
    with session.palyra() as palyra:
        row = palyra.hooks.rebind(
            hook,
            event=event,
            plugin=plugin,
            attempts_max=attempts_max,
            ordering=ordering,
            on_failure=on_failure,
            reason=reason,
        )
    session.show(row, lambda page: page.line(f"Hook {row.hook_id} runs {row.plugin_id} on {row.event_kind}."))


@command("unbind", "hook unbind greet", "hook unbind greet --reason 'not needed any more'")
@click.argument("hook")
@reason_option
@click.pass_obj
def unbind(session: Session, hook: str, reason: str | None) -> None:
    """Take HOOK away; what is scheduled already is still carried out."""
    with session.palyra() as palyra:
        palyra.hooks.unbind(hook, reason=reason)
    session.show({"hook_id": hook}, lambda page: page.line(f"Hook {hook} is unbound."))
