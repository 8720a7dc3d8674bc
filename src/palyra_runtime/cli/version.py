"""``palyra version``: which programs and libraries are at work."""

from __future__ import annotations

import platform
import sqlite3
from importlib.metadata import version as version_of

import click

from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session


@command("version", "version", "version -o json")
@click.pass_obj
def version(session: Session) -> None:
    """Show the versions of Palyra and of what it stands on."""
    versions = {
        "palyra": version_of("palyra"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "wasmtime": version_of("wasmtime"),
        "eventsourcing": version_of("eventsourcing"),
    }
    session.show(versions, lambda page: page.fields(versions.items()))
