"""Values that JSON can say; TOML can say more (dates, infinities)."""

from __future__ import annotations

from math import isfinite

#: levels of nesting that every JSON reader can follow
DEPTH_MAX = 64


def json_problem(value: object) -> str | None:
    """Return why ``value`` could not be written as JSON, or None if it could.

    A loop over a stack, not a recursion: the value comes from a stranger.
    """
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEPTH_MAX:
            return f"is nested deeper than {DEPTH_MAX} levels"
        if isinstance(item, dict):
            waiting.extend((inner, depth + 1) for inner in item.values())
        elif isinstance(item, list):
            waiting.extend((inner, depth + 1) for inner in item)
        elif isinstance(item, float) and not isfinite(item):
            return "has a number that is not finite"
        elif not isinstance(item, str | int | float | None):
            return f"has a {type(item).__name__}, which JSON does not know"
    return None
