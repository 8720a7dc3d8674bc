"""``palyra plugin import|export``: plugins as the reference system's ``plugins/bindings.json`` has them."""

from __future__ import annotations

import json

import click

from palyra_runtime.cli.command import command, reason_option
from palyra_runtime.cli.index_file import (
    dry_run_option,
    file_argument,
    read_index,
    replace_option,
    show_plan,
    tell_done,
)
from palyra_runtime.cli.session import Session


@command(
    "import",
    "plugin import ~/.palyra/plugins/bindings.json --dry-run",
    "plugin import bindings.json --replace --reason 'moved over'",
)
@file_argument
@dry_run_option
@replace_option
@reason_option
@click.pass_obj
def import_plugins(session: Session, *, file: str, dry_run: bool, replace: bool, reason: str | None) -> None:
    """Bind all plugins in FILE, a bindings.json of any version, or none of them; - is standard input.

    Their skills must be installed, and declare what is granted. What the file does not speak of, such as
    configuration, stays as it is here. Plugins that the file does not name are left alone.
    """
    document = read_index(file)
    with session.palyra() as palyra:
        plan = (
            palyra.plugins.plan_import(document, replace=replace)
            if dry_run
            else palyra.plugins.import_index(document, replace=replace, reason=reason)
        )
    show_plan(session, plan)
    plan.check()
    tell_done(session, plan, is_dry_run=dry_run)


@command("export", "plugin export", "plugin export > bindings.json")
@click.pass_obj
def export_plugins(session: Session) -> None:
    """Write all plugins as a bindings.json, which palyra plugin import reads."""
    with session.palyra() as palyra:
        document = palyra.plugins.export_index()
    index = json.loads(document)
    session.show(index, lambda page: page.document(index))
