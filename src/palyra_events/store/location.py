"""Where a log is: what its database URL says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from palyra_events.errors import InvalidDatabaseUrl

Dialect = Literal["sqlite", "postgresql"]

_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Location:
    """A database: ``path`` is its file on SQLite and None on PostgreSQL."""

    url: str
    dialect: Dialect
    path: Path | None = None


def locate(url: str) -> Location:
    """Read a database URL: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://…``.

    The path is taken as it stands, without decoding, as SQLAlchemy takes it. The rest of a
    PostgreSQL URL is libpq's business.

    Raises:
        InvalidDatabaseUrl: it is another scheme, names no file, or has options on SQLite.
    """
    if url.startswith(_POSTGRESQL):
        return Location(url, "postgresql")
    name = url.removeprefix(_SQLITE)
    if name == url or not name or "?" in name or ":memory:" in name:
        # The URL itself is not repeated: it may hold a password.
        raise InvalidDatabaseUrl
    return Location(url, "sqlite", Path(name).absolute())
