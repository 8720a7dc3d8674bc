"""The version of the tables that a log consists of, on either database."""

from __future__ import annotations

from palyra_events.errors import DatabaseMissing, DatabaseTooNew, DatabaseTooOld

#: Raised by one with every change of the tables; kept in ``meta``.
SCHEMA_VERSION = 1


def is_current(found: int | None, *, create: bool) -> bool:
    """Say whether the tables are there in our version; False means that they are to be made.

    Raises:
        DatabaseTooNew: a newer Palyra made them.
        DatabaseTooOld: an older one made them, and they have to be migrated first.
        DatabaseMissing: there are none, and none are to be made.
    """
    if found is not None and known_version(found) < SCHEMA_VERSION:
        raise DatabaseTooOld(
            f"The database has tables of version {found}; this Palyra works with version {SCHEMA_VERSION}.",
            found=found,
            known=SCHEMA_VERSION,
        )
    if found is None and not create:
        raise DatabaseMissing("There is no Palyra log in this database.")
    return found is not None


def known_version(found: int) -> int:
    """Return the version of some tables if this program knows it.

    Raises:
        DatabaseTooNew: a newer Palyra made them.
    """
    if found > SCHEMA_VERSION:
        raise DatabaseTooNew(
            f"The database has tables of version {found}; this Palyra knows them up to {SCHEMA_VERSION}.",
            found=found,
            known=SCHEMA_VERSION,
        )
    return found
