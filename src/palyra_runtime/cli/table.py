"""Tables for people: few columns, and ids that are never cut.

A program is meant to use ``-o json``; so the layout may change at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Generic, TypeVar

from rich.cells import cell_len, set_cell_size

from palyra_runtime.cli.safe_text import safe_text
from palyra_runtime.cli.wrapping import wrapped

RowT = TypeVar("RowT")

#: between two cells
GAP = "  "
#: columns of the screen that a text keeps where there is too little room for all
_TEXT_WIDTH_MIN = 12


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """One column: its title and what it shows of a row.

    Where the screen is too narrow, a text is cut with an ellipsis, or goes on in the next line if the
    column ``wraps``. A column that ``is_whole`` is never cut: what stands there is copied into the
    next command. A number is whole too, and stands at the right.
    """

    title: str
    show: Callable[[RowT], object]
    is_whole: bool = False
    is_number: bool = False
    wraps: bool = False


def layout(columns: Sequence[Column[RowT]], rows: Iterable[RowT], width: int) -> list[list[str]]:
    """Return the lines of a table, the titles first, each as its padded cells.

    Cells are meant to be joined with `GAP`; blank ones at the end of a line are left out. Lines are at
    most ``width`` wide, unless the columns that are whole need more.
    """
    titles = [column.title for column in columns]
    texts = [titles, *([_text(column.show(row)) for column in columns] for row in rows)]
    widths = _fit([max(map(cell_len, cells)) for cells in zip(*texts, strict=True)], columns, width)
    return [line for cells in texts for line in _lines(cells, widths, columns)]


def _text(value: object) -> str:
    return "" if value is None else safe_text(str(value))


def _lines(
    cells: Sequence[str], widths: Sequence[int], columns: Sequence[Column[RowT]]
) -> Iterator[list[str]]:
    """Yield the lines of one row: one, or more where a column wraps."""
    pieces = [_pieces(*cell) for cell in zip(cells, widths, columns, strict=True)]
    for line in zip_longest(*pieces, fillvalue=""):
        padded = [_padded(*cell) for cell in zip(line, widths, columns, strict=True)]
        # Blanks at the end of a line would wrap on a screen that is a bit too narrow.
        while len(padded) > 1 and not padded[-1].strip():
            padded.pop()
        yield [*padded[:-1], padded[-1].rstrip()]


def _pieces(text: str, size: int, column: Column[RowT]) -> list[str]:
    if cell_len(text) <= size:
        return [text]
    if column.wraps:
        return wrapped(text, size, breaks_words=True)
    return [set_cell_size(text, size - 1) + "…"]


def _padded(text: str, size: int, column: Column[RowT]) -> str:
    padding = " " * (size - cell_len(text))
    return padding + text if column.is_number else text + padding


def _fit(widths: list[int], columns: Sequence[Column[RowT]], width: int) -> list[int]:
    """Take what is too much from the widest text, until all fits or no text has more to give."""
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    texts = [place for place, column in enumerate(columns) if not (column.is_whole or column.is_number)]
    while excess > 0 and texts:
        widest = max(texts, key=lambda place: widths[place])
        if widths[widest] <= _TEXT_WIDTH_MIN:
            break
        widths[widest] -= 1
        excess -= 1
    return widths
