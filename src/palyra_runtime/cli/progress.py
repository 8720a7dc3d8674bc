"""A bar for work that takes a while, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TypeAlias

#: told the position that is reached, and the one to reach
Progress: TypeAlias = Callable[[int, int], None]


@contextmanager
def showing_progress(work: str, *, color: bool) -> Iterator[Progress | None]:
    """Return what to tell progress to; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    # Imported here, because most commands need no bar.
    from rich import progress  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True, color_system="auto" if color else None, highlight=False)
    columns = (
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[rate]}"),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress("{task.description}", *columns, console=console, transient=True) as bars:
        task, began = bars.add_task(work, total=None, rate=""), monotonic()

        def tell(position: int, total: int) -> None:
            elapsed_s = monotonic() - began
            rate = f"{position / elapsed_s:,.0f}/s" if elapsed_s else ""
            bars.update(task, completed=position, total=total, rate=rate)

        yield tell
