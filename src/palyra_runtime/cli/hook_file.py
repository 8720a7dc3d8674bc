"""``palyra hook import|export``: hooks as the reference system's ``hooks/bindings.json`` has them."""

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
    "hook import ~/.palyra/hooks/bindings.json --dry-run",
    "hook import bindings.json --replace --reason 'moved over'",
)
@file_argument
@dry_run_option
@replace_option
@reason_option
@click.pass_obj
def import_hooks(session: Session, *, file: str, dry_run: bool, replace: bool, reason: str | None) -> None:
    """Bind all hooks in FILE, a bindings.json of any version, or none of them; - is standard input.

    Their plugins must be bound. What the file does not speak of, attempts and ordering, stays as it is
    here. Hooks that the file does not name are left alone.
    """
    document = read_index(file)
    with session.palyra() as palyra:
        plan = (
            palyra.hooks.plan_import(document, replace=replace)
            if dry_run
            else palyra.hooks.import_index(document, replace=replace, reason=reason)
        )
    show_plan(session, plan)
    plan.check()
    tell_done(session, plan, is_dry_run=dry_run)


@command("export", "hook export", "hook export > bindings.json")
@click.pass_obj
def export_hooks(session: Session) -> None:
    """Write all hooks as a bindings.json, which palyra hook import reads."""
    with session.palyra() as palyra:
        document = palyra.hooks.export_index()
    index = json.loads(document)
    session.show(index, lambda page: page.document(index))
