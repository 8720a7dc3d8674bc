"""How an invocation ended, in one word that the log keeps."""

from __future__ import annotations

from typing import Literal

#: the reference's names for the ways in which a run fails
RuntimeKind = Literal[
    "Compile", "ExecutionTimedOut", "ExecutionLimitExceeded", "Linker", "MissingExport", "Execution"
]

OK = "ok"
GUEST_FAILED = "guest_failed"
BAD_OUTPUT = "bad_output"
OUT_OF_FUEL = "out_of_fuel"
MEMORY = "memory"
TABLE = "table"
INSTANCES = "instances"
DEADLINE = "deadline"
COMPILE = "compile"
LINK = "link"
MISSING_EXPORT = "missing_export"
DENIED = "denied"
WORKER_LOST = "worker_lost"

_TRAPPED = "trapped:"

_KINDS: dict[str, RuntimeKind] = {
    OUT_OF_FUEL: "ExecutionLimitExceeded",
    MEMORY: "ExecutionLimitExceeded",
    TABLE: "ExecutionLimitExceeded",
    INSTANCES: "ExecutionLimitExceeded",
    DEADLINE: "ExecutionTimedOut",
    COMPILE: "Compile",
    LINK: "Linker",
    MISSING_EXPORT: "MissingExport",
}

#: exit codes of a queued delivery: these are success
_SUCCESS_CODES = range(50)


def trapped(code: str) -> str:
    """Return the outcome of a trap, such as ``trapped:unreachable``."""
    return _TRAPPED + code


def runtime_kind(outcome: str) -> RuntimeKind | None:
    """Return the reference's name for this outcome; None where the guest ran to its end."""
    return "Execution" if outcome.startswith(_TRAPPED) else _KINDS.get(outcome)


def outcome_of_exit(exit_code: int) -> str:
    """Return how a delivery ended whose guest returned ``exit_code``.

    0 to 49 is success; what the numbers mean is between the plugin and its operator. 50 and above,
    and negative numbers, are a failure that the guest reports itself.
    """
    return OK if exit_code in _SUCCESS_CODES else GUEST_FAILED


class GuestStopped(Exception):
    """The host ends a guest in the middle of a host call; ``outcome`` is what is recorded."""

    def __init__(self, outcome: str) -> None:
        self.outcome = outcome
        super().__init__(outcome)
