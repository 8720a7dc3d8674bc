"""Indexes that hold few of a table's rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Index


def partial_index(
    name: str, condition: ColumnElement[bool], *columns: Column[Any], unique: bool = False
) -> None:
    """Give the table of these columns an index over the rows that meet a condition.

    SQLite uses it for a question that states the condition in the same words.
    """
    table = columns[0].table.name
    Index(f"ix_{table}_{name}", *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
