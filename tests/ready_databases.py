"""Databases with a log and all views in them, made once and as good as new again and again.

To make one takes longer than most of what a test does to it. The engine on it stays the same, and so
keeps the statements that it has compiled.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine

from palyra_events.store import EventLog
from projections import Projector, open_engine
from tests.postgres_server import Server


class ReadyDatabase(Protocol):
    """One database, and an engine on it."""

    engine: Engine

    def renew(self) -> EventLog:
        """Make it as new, and open its log; whoever had it open has closed it."""
        ...


class ReadySQLite:
    """A file, copied from one that was made at first."""

    def __init__(self, folder: Path) -> None:
        self._made, self._path = folder / "made.db", folder / "palyra.db"
        _make(f"sqlite:///{self._made}")
        self.engine = open_engine(f"sqlite:///{self._path}")

    def renew(self) -> EventLog:
        """Copy the file again."""
        self.engine.dispose()
        shutil.copyfile(self._made, self._path)
        return EventLog.open(f"sqlite:///{self._path}")


class ReadyPostgres:
    """A database of a server, with one that was made at first as its template."""

    def __init__(self, server: Server) -> None:
        self._server, self._made, self._url = server, server.database(), server.database()
        _make(self._made)
        self.engine = open_engine(self._url)

    def renew(self) -> EventLog:
        """Make the database again."""
        self.engine.dispose()
        name, made = (Identifier(str(conninfo_to_dict(url)["dbname"])) for url in (self._url, self._made))
        self._server.execute(SQL("DROP DATABASE {}").format(name))
        self._server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(name, made))
        return EventLog.open(self._url)


def _make(url: str) -> None:
    with EventLog.open(url) as log:
        engine = open_engine(url)
        Projector(engine, log).catch_up()
        engine.dispose()
