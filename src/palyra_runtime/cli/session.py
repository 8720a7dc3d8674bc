"""One run of the command line: what was asked for globally, and where its results go."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TextIO

import click

import palyra_runtime
from palyra_runtime.cli.failure import Declined
from palyra_runtime.cli.page import Page, screen_width, wants_color
from palyra_runtime.cli.progress import Progress, showing_progress
from palyra_runtime.cli.safe_text import safe_text
from palyra_runtime.cli.table import Column, RowT

if TYPE_CHECKING:
    from palyra_runtime import Palyra
    from palyra_runtime.cli.reach import Reach
    from palyra_runtime.facade import Database


class OutputFormat(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"


@dataclass(slots=True)
class Session:
    """The global options, filled in while the command line is read; None where the default holds."""

    home: str | None = None
    database_url: str | None = None
    reach: Reach | None = None
    actor: str | None = None
    output: OutputFormat = OutputFormat.TABLE
    color: str = "auto"
    assumes_yes: bool = False

    @property
    def is_for_people(self) -> bool:
        """True where a person reads the results, and not a program."""
        return self.output is OutputFormat.TABLE

    def palyra(self, *, create: bool = False) -> Palyra:
        """Open the database, or the way to the gateway that was named, for a ``with`` block.

        Only ``create`` makes a database.
        """
        if self.reach is not None:
            from palyra_runtime.config import read_config  # noqa: PLC0415 - help does not wait for it

            return self.reach.open(read_config(home=self.home).home)
        return _engine().open(self.database_url, home=self.home, actor=self.actor, create=create)

    def database(self) -> Database:
        """Return the care of the database, which need not be one that can be opened."""
        # Imported here, as most commands open the database instead.
        from palyra_runtime.config import read_config  # noqa: PLC0415
        from palyra_runtime.facade.database import Database  # noqa: PLC0415

        return Database(
            read_config(home=self.home, database_url=self.database_url, actor=self.actor).database_url
        )

    def results(self) -> Page:
        """Return the page for results: standard output."""
        return self._page(sys.stdout)

    def remarks(self) -> Page:
        """Return the page for everything else: standard error."""
        return self._page(sys.stderr)

    def remark(self, text: str) -> None:
        """Tell a person something beside the results. Programs can see it for themselves."""
        if self.is_for_people:
            self.remarks().line(text)

    def list(
        self,
        rows: Sequence[RowT],
        columns: Sequence[Column[RowT]],
        *,
        empty: str,
        record: Callable[[RowT], object] = lambda row: row,
    ) -> None:
        """Write rows: a table, or a JSON array, or one JSON object a line; ``record`` makes the objects."""
        page = self.results()
        if self.output is OutputFormat.JSON:
            page.document([record(row) for row in rows])
        elif self.output is OutputFormat.NDJSON:
            for row in rows:
                page.record(record(row))
        elif rows:
            page.table(columns, rows)
        else:
            self.remark(empty)

    def show(self, value: object, describe: Callable[[Page], None]) -> None:
        """Write one thing: in words, by ``describe``, or as a JSON object."""
        page = self.results()
        if self.output is OutputFormat.JSON:
            page.document(value)
        elif self.output is OutputFormat.NDJSON:
            page.record(value)
        else:
            describe(page)

    @property
    def can_ask(self) -> bool:
        """True where a person is there who can answer a question."""
        return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))

    def confirm(self, question: str) -> None:
        """Ask a person who can answer; where nobody can, the options given stand for the answer.

        Raises:
            Declined: the answer is no.
        """
        if self.can_ask and not self.assumes_yes and not click.confirm(safe_text(question), err=True):
            raise Declined

    def progress(self, work: str) -> AbstractContextManager[Progress | None]:
        """Show how far some work has come, where somebody watches."""
        return showing_progress(work, color=wants_color(self.color, sys.stderr))

    def _page(self, stream: TextIO) -> Page:
        color = self.is_for_people and wants_color(self.color, stream)
        return Page(stream, color=color, width=screen_width(stream))


def _engine() -> type[Palyra]:
    """Import what opens a database: a thousand modules, none of which is ever garbage.

    To look for garbage among them again and again takes a quarter of the time of a short command.
    """
    if "palyra_runtime.bootstrap" in sys.modules:
        return palyra_runtime.Palyra
    gc.disable()
    try:
        return palyra_runtime.Palyra
    finally:
        gc.freeze()
        gc.enable()
