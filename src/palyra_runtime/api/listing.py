"""A page of a listing, with what the next one is asked for by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from palyra_runtime.api.operation import Turn

RowT = TypeVar("RowT")


class Listing(BaseModel, Generic[RowT]):
    """Rows, and the parameters to replace for the next page; ``next`` is null on the last one."""

    items: list[RowT]
    next: dict[str, int | str] | None


def listing(rows: Sequence[Any], turn: Turn | None, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return rows as a listing."""
    limit = arguments.get("limit")
    is_last = turn is None or limit is None or not rows or len(rows) < limit
    return {"items": rows, "next": None if turn is None or is_last else _next(rows[-1], turn, arguments)}


def _next(last: Any, turn: Turn, arguments: Mapping[str, Any]) -> dict[str, int | str] | None:
    reached: int | str = getattr(last, turn.field)
    if turn.backwards is None or not arguments.get("newest_first"):
        return {turn.parameter: reached}
    before = int(reached) - 1
    return {turn.backwards: before} if before > 0 else None
