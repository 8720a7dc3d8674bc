"""Types of columns that hold, and compare, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator

#: ids compare by bytes on both; a locale's order would differ between machines
Id = String().with_variant(String(collation="C"), "postgresql")

#: SQLite makes an ``INTEGER`` primary key the row's own number, which a ``BIGINT`` is not
Position = BigInteger().with_variant(Integer(), "sqlite")

#: the mark of a column of which PostgreSQL keeps no samples: they would outlive what was erased
UNSAMPLED: Mapping[str, bool] = MappingProxyType({"is_unsampled": True})


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC, to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC; SQLite keeps it as text of a fixed width, which sorts."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def bind_all(self, values: Sequence[datetime | None], dialect: Dialect) -> Sequence[object]:
        """Return many values as the driver takes them: the text on SQLite is the one that it keeps."""
        if dialect.name != "sqlite":
            return values
        return [None if value is None else _text(value) for value in values]

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text that people, plugins or artifacts wrote.

    PostgreSQL cannot keep U+0000, and a guest that says it must not bring a view to a halt.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - both alike
        """Return the text with U+FFFD, the replacement character, for what cannot be kept."""
        return None if value is None else value.replace("\0", "\ufffd")

    def bind_all(self, values: Sequence[str | None], dialect: Dialect) -> Sequence[str | None]:
        """Return many values as the driver takes them; nearly always that is what they are."""
        if "\0" not in "".join(filter(None, values)):
            return values
        return [self.process_bind_param(value, dialect) for value in values]


def _text(moment: datetime) -> str:
    """Return what SQLite keeps: UTC, without the zone."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(" ", "microseconds")[:26]
