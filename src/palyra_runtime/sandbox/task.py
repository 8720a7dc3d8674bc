"""One run as the part that touches the engine sees it: numbers and bytes, nothing that is worth stealing."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

#: takes a request of the guest and returns the answer
Ask = Callable[[bytes], bytes]


class Bounds(NamedTuple):
    """The limits of a run; `palyra_runtime.sandbox.limits` says what they mean."""

    fuel_budget: int
    max_memory_bytes: int
    max_table_elements: int
    max_instances: int
    output_bytes_max: int
    host_calls_max: int
    transcript_bytes_max: int
    log_lines_max: int
    log_bytes_max: int


class Task(NamedTuple):
    """What to run. ``deadline`` is on the clock of ``time.monotonic``, which all processes share.

    Of the grants there is only their number in each class, in the order of the classes: which hosts or
    secrets they are is nobody's business but the broker's. ``memory_bytes_min`` is the module's own, and
    ``memories`` says among how many of them its limit is shared.
    """

    entrypoint: str
    input: bytes
    grant_counts: tuple[int, ...]
    bounds: Bounds
    deadline: float
    memory_bytes_min: int
    memories: int = 1


class RunResult(NamedTuple):
    """How a run ended and what it left; the log lines are levels with bytes as the guest gave them."""

    outcome: str
    message: str = ""
    exit_code: int | None = None
    output: bytes = b""
    logs: tuple[tuple[int, bytes], ...] = ()
    log_lines_dropped: int = 0
    fuel_instantiate_units: int = 0
    fuel_units: int = 0
    memory_bytes_peak: int = 0
