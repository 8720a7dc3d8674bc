"""``palyra plugin rebind|enable|disable|unbind``: change a plugin that is bound."""

from __future__ import annotations

import click

from palyra_runtime.cli.command import command, reason_option, yes_option
from palyra_runtime.cli.consent import asking
from palyra_runtime.cli.plugin_binding import granted, state
from palyra_runtime.cli.session import Session


@command(
    "rebind",
    "plugin rebind weather",
    "plugin rebind weather --release 2.0.0 --yes --reason 'looked at the new module'",
)
@click.argument("plugin")
@click.option(
    "--module", metavar="PATH", help="Another module of the skill; by default that of the same path."
)
@click.option(
    "--release", metavar="VERSION", help="The release to take it from; by default the enabled or newest one."
)
@reason_option
@yes_option
@click.pass_obj
def rebind(
    session: Session, plugin: str, module: str | None, release: str | None, reason: str | None
) -> None:
    """Let PLUGIN run the module that its skill has now, with the grants that it has.

    Grants belong to the module that somebody looked at: after an update, a plugin with grants does not
    run before it is bound anew. Grants that the release does not declare are dropped.
    """
    with session.palyra() as palyra:
        row = palyra.plugins.rebind(
            plugin, module=module, version=release, reason=reason, consent=asking(session)
        )
    sentence = (
        f"Plugin {row.plugin_id} runs {row.module_path} of {row.skill_id}; grants: {granted(row.grants)}."
    )
    session.show(row, lambda page: page.line(sentence))


@command("enable", "plugin enable weather", "plugin enable weather --reason 'the quota is back'")
@click.argument("plugin")
@reason_option
@click.pass_obj
def enable(session: Session, plugin: str, reason: str | None) -> None:
    """Let PLUGIN run again."""
    with session.palyra() as palyra:
        row = palyra.plugins.enable(plugin, reason=reason)
    session.show(row, lambda page: page.line(f"Plugin {row.plugin_id} is {state(row)}."))


@command("disable", "plugin disable weather", "plugin disable weather --reason 'over its quota'")
@click.argument("plugin")
@reason_option
@click.pass_obj
def disable(session: Session, plugin: str, reason: str | None) -> None:
    """Stop PLUGIN from running, for hooks and as a tool; its deliveries are skipped meanwhile."""
    with session.palyra() as palyra:
        row = palyra.plugins.disable(plugin, reason=reason)
    session.show(row, lambda page: page.line(f"Plugin {row.plugin_id} is {state(row)}."))


@command("unbind", "plugin unbind weather", "plugin unbind weather --reason 'not needed any more'")
@click.argument("plugin")
@reason_option
@click.pass_obj
def unbind(session: Session, plugin: str, reason: str | None) -> None:
    """Take the name PLUGIN away; while hooks are bound to it, that is refused.

    What it has stored stays, for whatever is bound under that name next.
    """
    with session.palyra() as palyra:
        palyra.plugins.unbind(plugin, reason=reason)
    session.show({"plugin_id": plugin}, lambda page: page.line(f"Plugin {plugin} is unbound."))
