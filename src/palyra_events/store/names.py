"""The names of actors, in an ordinary table beside the log.

The log knows people by opaque ids, because it keeps what it knows for ever. A name can be changed,
and taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

_PUT = "INSERT INTO actor (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name"


class NameTable(Protocol):
    """What the names need of a database."""

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""
        ...

    def execute(self, statement: str, *values: object) -> None:
        """Run one statement durably."""
        ...


class ActorNames:
    """What actors are called, by their ids. Raises the errors of the log that it belongs to."""

    def __init__(self, table: NameTable, opened: Callable[[], AbstractContextManager[None]]) -> None:
        self._table = table
        self._opened = opened

    def all(self) -> dict[str, str]:
        """Return all names, by the id of the actor."""
        with self._opened():
            return dict(self._table.select("SELECT id, name FROM actor ORDER BY id"))

    def put(self, actor: str, name: str) -> None:
        """Call an actor by a name from now on."""
        with self._opened():
            self._table.execute(_PUT, actor, name)

    def forget(self, actor: str) -> None:
        """Take the name of an actor away, if there is one."""
        with self._opened():
            self._table.execute("DELETE FROM actor WHERE id = ?", actor)
