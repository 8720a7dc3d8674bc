"""``palyra init``: make the place where everything is kept."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from palyra_events.errors import DatabaseMissing, DatabaseUnavailable
from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session


@command("init", "init", "--home ~/gateway init", "--db postgresql://palyra@db/palyra init -o json")
@click.pass_obj
def init(session: Session) -> None:
    """Make the home and the database, where they are missing, and say where they are."""
    # Imported here, because it brings the sandbox's policy, which help needs nothing of.
    from palyra_runtime.config import read_config  # noqa: PLC0415

    config = read_config(home=session.home, database_url=session.database_url, actor=session.actor)
    _make_folder(config.home)
    created = _make_database(session)
    place = {
        "home": str(config.home.absolute()),
        "database_url": _without_secrets(config.database_url),
        "actor": config.actor,
        "created": created,
    }
    state = "new" if created else "was there already"
    session.show(
        place,
        lambda page: page.fields(
            [
                ("home", place["home"]),
                ("database", f"{place['database_url']} ({state})"),
                ("actor", place["actor"]),
            ]
        ),
    )


def _without_secrets(url: str) -> str:
    """Return a database URL without its password, and without options, as one of them can be the password."""
    parts = urlsplit(url)
    if parts.password is None and not parts.query:
        return url
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return f"{parts.scheme}://{name}{colon and ':***'}{at}{host}{parts.path}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        from palyra_events.store.faults import typed  # noqa: PLC0415 - help does not wait for the store

        kind = type(typed(error) or DatabaseUnavailable())
        raise kind(f"{folder} cannot be made: {error.strerror}.", path=str(folder)) from error


def _make_database(session: Session) -> bool:
    """Return whether there was none yet."""
    try:
        with session.palyra():
            return False
    except DatabaseMissing:
        with session.palyra(create=True):
            return True
