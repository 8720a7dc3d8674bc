"""Filling builds in several processes, each with a share of the views.

Each process reads and decodes the log for itself. On SQLite one of them writes while another one folds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import SpawnContext
from time import monotonic
from typing import Any, TypeAlias

from palyra_events.registry import REGISTRY
from projections.decoder import Decoder
from projections.engine import open_engine
from projections.errors import FillingKilled, RebuildGivenUp
from projections.fact import LogReader
from projections.filling import Filling, fill_here
from projections.fold import Folder, Progress
from projections.generation import Generation
from projections.projection import Projection

#: seconds between two looks at how far the others are
_LOOK_S = 0.2
#: milliseconds that a process waits while another one makes an index on SQLite
_PATIENCE_MS = 60_000


#: opens a log for as long as a block runs
OpenLog: TypeAlias = Callable[[], AbstractContextManager[LogReader]]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a process finds the log and the views."""

    open_log: OpenLog
    url: str


class _Board:
    """What the processes have in common: how far each share is, and whether it is still wanted."""

    def __init__(self, context: SpawnContext, shares: int) -> None:
        self._reached: Any = context.Array("q", shares)
        self._given_up = context.Event()

    def tell(self, number: int, position: int) -> None:
        """Say how far a share is."""
        if self._given_up.is_set():
            raise RebuildGivenUp
        self._reached[number] = position

    def slowest(self) -> int:
        """Return how far the slowest share is."""
        slowest: int = min(self._reached)
        return slowest

    def give_up(self) -> None:
        """Let the others stop at their next page."""
        self._given_up.set()


#: the board, in each of the processes; it can only be handed over when they start
_boards: list[_Board] = []


def filling_in_processes(open_log: OpenLog, url: str, jobs: int) -> Filling:
    """Return what fills builds in at most so many other processes.

    They open the log by ``open_log``, which has to be something that can be handed over to them, and the
    views at ``url``.

    Raises:
        FillingKilled: one of the processes was killed.
    """

    def fill(
        folder: Folder, generations: Sequence[Generation], target: int, progress: Progress | None
    ) -> Sequence[Generation]:
        # Views that are next to each other by name tend to be about the same events, and cost the same.
        shares = [share for n in range(jobs) if (share := generations[n::jobs])]
        return _fill(_Source(open_log, url), folder, shares, target, progress) if shares else []

    return fill


def _fill(
    source: _Source,
    folder: Folder,
    shares: Sequence[Sequence[Generation]],
    target: int,
    progress: Progress | None,
) -> Sequence[Generation]:
    # Started afresh: a fork would take over the threads' locks and the database's connections.
    context = get_context("spawn")
    board = _Board(context, len(shares))
    with ProcessPoolExecutor(len(shares), context, initializer=_see, initargs=(board,)) as pool:
        try:
            filling = [
                pool.submit(_fill_share, source, _views(folder, share), share, target, number)
                for number, share in enumerate(shares)
            ]
            while progress is not None and wait(filling, _LOOK_S).not_done:
                progress(board.slowest(), target)
            return [generation for each in filling for generation in each.result()]
        except BrokenProcessPool as error:
            board.give_up()
            raise FillingKilled from error
        except BaseException:
            board.give_up()
            raise


def _views(folder: Folder, share: Sequence[Generation]) -> dict[str, type[Projection]]:
    return {each.projection: folder.projections[each.projection] for each in share}


def _see(board: _Board) -> None:
    _boards.append(board)


def _fill_share(
    source: _Source,
    views: dict[str, type[Projection]],
    share: Sequence[Generation],
    target: int,
    number: int,
) -> Sequence[Generation]:
    """Fill a share in this process."""

    def tell(position: int, _target: int) -> None:
        _boards[0].tell(number, position)

    with source.open_log() as log:
        engine = open_engine(source.url, lock_timeout_ms=_PATIENCE_MS)
        try:
            filled = fill_here(Folder(engine, log, Decoder(REGISTRY), views, monotonic), share, target, tell)
        finally:
            engine.dispose()
    tell(target, target)
    return filled
