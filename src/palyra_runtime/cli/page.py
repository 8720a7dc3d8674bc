"""What people see: lines, fields and tables on one stream, in colour where that is wanted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, repeat
from types import MappingProxyType
from typing import TextIO

import click
from rich.cells import cell_len

from palyra_events.errors import Unavailable
from palyra_runtime.cli import document
from palyra_runtime.cli.safe_text import safe_lines, safe_text
from palyra_runtime.cli.table import GAP, Column, RowT, layout
from palyra_runtime.cli.wrapping import wrapped

#: columns of a table where there is no screen
_TABLE_WIDTH = 80
#: columns that a sentence gets on the narrowest screen
_ROOM_MIN = 20


#: the colour of each word that tells how a thing stands
STATE_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "enabled": "green",
        "succeeded": "green",
        "ok": "green",
        "live": "green",
        "quarantined": "red",
        "dead": "red",
        "retrying": "yellow",
        "scheduled": "yellow",
        "disabled": "bright_black",
        "skipped": "bright_black",
    }
)


class OutputFailed(Unavailable):
    """The output cannot be written."""

    code = "OUTPUT_FAILED"
    advice = "Check the disk, and the place that the output goes to."


def screen_width(stream: TextIO, environment: Mapping[str, str] = os.environ) -> int | None:
    """Return the columns of the screen behind ``stream``, None where there is none.

    ``COLUMNS`` wins, as elsewhere.
    """
    columns = environment.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    return os.get_terminal_size(stream.fileno()).columns or None if stream.isatty() else None


def wants_color(choice: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether to write colours to ``stream``: ``choice`` is ``auto``, ``always`` or ``never``.

    With ``auto``, not where ``NO_COLOR`` is set to anything (https://no-color.org), where the terminal
    calls itself dumb, or where there is none.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return stream.isatty()


class Page:
    """Writes to one stream; every text on its way there is made safe.

    ``width`` is that of the screen. Without one, sentences stay on one line, because programs such as
    grep read them, and tables are 80 columns wide.
    """

    def __init__(self, stream: TextIO, *, color: bool = False, width: int | None = None) -> None:
        self._stream = stream
        self._color = color
        self._width = width

    def line(self, text: str) -> None:
        """Write a sentence."""
        self._hang("", [safe_text(text)])

    def heading(self, text: str) -> None:
        """Write a blank line and the title of what comes next."""
        self._write("")
        self._write(self._bold(safe_text(text)))

    def label(self, label: str, text: str, *, style: str) -> None:
        """Write a sentence after a word that says what kind of sentence it is."""
        self._hang(f"{label} ", [safe_text(text)], self._styled(label, style) + " ")

    def fields(self, fields: Iterable[tuple[str, object]]) -> None:
        """Write names with their values, aligned; a value that is None or empty is left out."""
        shown = [(name, str(value)) for name, value in fields if value is not None and value != ""]
        width = max((len(name) for name, _ in shown), default=0)
        for name, value in shown:
            lead = name.ljust(width) + GAP
            if value in STATE_STYLES:
                self._write(self._bold(lead) + self._state(value))
            else:
                self._hang(lead, safe_lines(value), self._bold(lead))

    def table(self, columns: Sequence[Column[RowT]], rows: Iterable[RowT]) -> None:
        """Write a table."""
        titles, *lines = layout(columns, rows, self._width or _TABLE_WIDTH)
        self._write(self._bold(GAP.join(titles)))
        for cells in lines:
            self._write(GAP.join(self._state(cell) for cell in cells))

    def items(self, texts: Sequence[str], *, title: str | None = None, ordered: bool = False) -> None:
        """Write texts as the items of a list below its title; nothing where there is none."""
        if texts and title:
            self.line(title)
        for number, text in enumerate(texts, start=1):
            marker = f"{number}." if ordered else "-"
            self._hang(f"  {marker} ", [safe_text(text)])

    def block(self, text: str, *, indent: int = 2) -> None:
        """Write a text of several lines, indented so that nobody takes it for ours."""
        self._hang(" " * indent, safe_lines(text))

    def document(self, value: object) -> None:
        """Write one JSON document."""
        self._write(document.document(value))

    def record(self, value: object) -> None:
        """Write a JSON value on one line."""
        self._write(document.line(value))

    def flush(self) -> None:
        """Let all that was written be read.

        Raises:
            OutputFailed: the disk is full, or the like.
            BrokenPipeError: nobody reads on.
        """
        with _writing():
            self._stream.flush()

    def _hang(self, lead: str, lines: Sequence[str], styled_lead: str | None = None) -> None:
        """Write lines that hang below each other, the first one after its ``lead``."""
        room = None if self._width is None else max(self._width - cell_len(lead), _ROOM_MIN)
        pieces = [piece for line in lines for piece in (wrapped(line, room) if room else [line])]
        leads = chain([lead if styled_lead is None else styled_lead], repeat(" " * cell_len(lead)))
        for before, piece in zip(leads, pieces, strict=False):
            self._write((before + piece).rstrip())

    def _state(self, text: str) -> str:
        return self._styled(text, STATE_STYLES.get(text.strip()))

    def _styled(self, text: str, style: str | None) -> str:
        return click.style(text, fg=style) if self._color and style else text

    def _bold(self, text: str) -> str:
        return click.style(text, bold=True) if self._color else text

    def _write(self, line: str) -> None:
        with _writing():
            self._stream.write(f"{line}\n")


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(f"The output cannot be written: {error.strerror}.") from error
