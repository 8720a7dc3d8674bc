"""One invocation as its host calls see it: input, output, log lines and answers."""

from __future__ import annotations

from palyra_runtime.sandbox.allowance import LIMIT_ANSWER, CallAllowance
from palyra_runtime.sandbox.handles import CAPABILITY_CLASSES, handle_of
from palyra_runtime.sandbox.task import Ask, Task

_LEVEL_INFO = 2
_LEVELS = range(5)


class HostCalls:
    """The state of one invocation; nothing of it outlives the invocation."""

    __slots__ = ("_allowance", "_ask", "_log_bytes_left", "_task", "log_lines_dropped", "logs", "written")

    def __init__(self, task: Task, ask: Ask) -> None:
        bounds = task.bounds
        self._task = task
        self._ask = ask
        self._allowance = CallAllowance(bounds.host_calls_max, bounds.transcript_bytes_max)
        self._log_bytes_left = bounds.log_bytes_max
        self.written = bytearray()
        self.logs: list[tuple[int, bytes]] = []
        self.log_lines_dropped = 0

    def input(self) -> bytes:
        """Return the input."""
        return self._task.input

    def output(self, data: bytes) -> bool:
        """Append to the output, all or nothing; return whether it was all."""
        if len(self.written) + len(data) > self._task.bounds.output_bytes_max:
            return False
        self.written += data
        return True

    def log(self, level: int, line: bytes) -> None:
        """Keep one log line; what is past the limits is cut off or counted as dropped."""
        if len(self.logs) >= self._task.bounds.log_lines_max or self._log_bytes_left <= 0:
            self.log_lines_dropped += 1
            return
        kept = line[: self._log_bytes_left]
        self._log_bytes_left -= len(kept)
        self.logs.append((level if level in _LEVELS else _LEVEL_INFO, kept))

    def call(self, request: bytes) -> bytes:
        """Carry out one host call and return its answer.

        A call past the limits is not made and not kept: that there were too many follows from the
        transcript, and a guest in a loop must not fill the log with them.
        """
        if self._allowance.room(request) is None:
            return LIMIT_ANSWER
        answer = self._ask(request)
        self._allowance.take(request, answer)
        return answer

    def count(self, place: int) -> int:
        """Return how many grants there are of the class at ``place``."""
        return self._task.grant_counts[place]

    def handle(self, place: int, index: int) -> int:
        """Return the handle of a grant of the class at ``place``, or -1 where there is none."""
        # An index with the sign bit is a negative number to the guest, and no list is that long.
        return handle_of(CAPABILITY_CLASSES[place], index, self._task.grant_counts[place])
