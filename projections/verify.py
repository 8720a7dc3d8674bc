"""Comparing views: the same log must give the same rows, live or rebuilt, on either database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from projections.catalogue import PROJECTIONS
from projections.engine import reading
from projections.errors import UnknownProjection
from projections.generation import Status, generations
from projections.projection import Projection

_BY_NAME = {projection.name: projection for projection in PROJECTIONS}
_ROWS_PER_FETCH = 1000


def content_digest(engine: Engine, name: str, generation: int | None = None) -> str:
    """Return the SHA-256 of what a view holds; of the live generation unless another is given.

    Each row is one line of JSON, after a line with the table's name and columns, in the order of
    primary keys. Neither the database nor the number of the generation goes into it.

    Raises:
        UnknownProjection: there is no such view, or no such generation of it.
    """
    with reading(engine) as connection:
        view = _view(connection, name, generation)
        digest = hashlib.sha256()
        for table_name, table in sorted(view.tables().items()):
            digest.update(_line([table_name, *table.columns.keys()]))
            for row in _rows(connection, table):
                digest.update(_line(list(row)))
    return digest.hexdigest()


def _view(connection: Connection, name: str, generation: int | None) -> Projection:
    found = (
        candidate.number
        for candidate in generations(connection, *Status)
        if candidate.projection == name
        and (candidate.status is Status.LIVE if generation is None else candidate.number == generation)
    )
    number = next(found, None)
    if name not in _BY_NAME or number is None:
        raise UnknownProjection(f"There is no such generation of the view {name!r}.", projection=name)
    return _BY_NAME[name].of(number)


def _rows(connection: Connection, table: Table) -> Iterator[Any]:
    query = select(table).order_by(*table.primary_key.columns)
    yield from connection.execution_options(yield_per=_ROWS_PER_FETCH).execute(query)


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, default=_text, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no place in a view")
