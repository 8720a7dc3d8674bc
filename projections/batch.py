"""Writes of a view, put together so that the database sees few and large ones."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.sql.dml import UpdateBase

from palyra_events.errors import LogDamaged

#: without it SQLAlchemy forgets how many rows an ``INSERT … SELECT`` made
_COUNTED = {"preserve_rowcount": True}


class Batch:
    """The writes of one view for a few events, in their order.

    Neighbours that say the same go to the database as one. Handlers therefore use the statements
    of their view again and again, and make none of their own.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._statement: UpdateBase | None = None
        self._is_exact = True
        self._rows: list[dict[str, object]] = []

    def write(self, statement: UpdateBase, **values: object) -> None:
        """Write exactly one row; where there is none to be changed, the page fails."""
        self._add(statement, values, is_exact=True)

    def adjust(self, statement: UpdateBase, **values: object) -> None:
        """Write any number of rows, or none."""
        self._add(statement, values, is_exact=False)

    def flush(self) -> None:
        """Bring what is waiting to the database.

        Raises:
            LogDamaged: an event changes something that no event before it has made.
        """
        if self._statement is None:
            return
        statement, rows = self._statement, self._rows
        self._statement, self._rows = None, []
        written = self._connection.execute(statement, rows, execution_options=_COUNTED).rowcount
        if self._is_exact and written != len(rows):
            raise LogDamaged("An event changes something that no event before it has made.")

    def _add(self, statement: UpdateBase, values: dict[str, object], *, is_exact: bool) -> None:
        if statement is not self._statement or values.keys() != self._rows[0].keys():
            self.flush()
            self._statement, self._is_exact = statement, is_exact
        self._rows.append(values)
