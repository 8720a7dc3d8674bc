"""Checking spans in several processes, in order and without reading far ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from palyra_events.store import EventLog
from palyra_runtime.ledger.span import Span, SpanReport, check_span

#: the log of a worker process, opened once
_opened: list[EventLog] = []


def checking_here(log: EventLog) -> Callable[[Iterable[Span]], Iterator[SpanReport]]:
    """Return what checks spans in this thread."""
    return lambda spans: (check_span(log, span) for span in spans)


def checking_in_processes(url: str, jobs: int) -> Callable[[Iterable[Span]], Iterator[SpanReport]]:
    """Return what checks spans in so many other processes, each with a connection of its own."""
    return lambda spans: _check(url, jobs, spans)


def _check(url: str, jobs: int, spans: Iterable[Span]) -> Iterator[SpanReport]:
    # Started afresh: a fork would take over the threads' locks and the database's connections.
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_open, initargs=(url,)) as pool:
        waiting: deque[Future[SpanReport]] = deque()
        try:
            for span in spans:
                waiting.append(pool.submit(_check_opened, span))
                if len(waiting) > 2 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _open(url: str) -> None:
    _opened.append(EventLog.open(url, create=False))


def _check_opened(span: Span) -> SpanReport:
    return check_span(_opened[0], span)
