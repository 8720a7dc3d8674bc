"""Bars of block characters, for everything that shows a chart as text."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCK = "█"
#: a number below zero, so that its bar is told from one above without its sign
_BELOW_ZERO = "▒"


def bars(values: Sequence[float], width: int) -> list[str]:
    """Return a bar for each value, the largest ``width`` characters long, the others in proportion.

    A value that is not zero has at least one character: what is there can be seen.
    """
    largest = max((abs(value) for value in values), default=0) or 1
    lengths = [max(round(abs(value) / largest * width), int(value != 0)) for value in values]
    return [
        (_BELOW_ZERO if value < 0 else _BLOCK) * length for value, length in zip(values, lengths, strict=True)
    ]
