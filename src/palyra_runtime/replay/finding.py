"""What a replay finds: where what is recorded does not follow from the log."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from enum import StrEnum

#: lines of a diff that anybody reads, and the characters of one
_LINES_MAX = 40
_LINE_LENGTH_MAX = 400


class Aspect(StrEnum):
    """What differs."""

    #: the bytes beside the log are not those that the event names
    BYTES = "bytes"
    #: release, module, entrypoint or grants are not those that the plugin had a right to
    TERMS = "terms"
    #: the guest was told something else than the log says
    INPUT = "input"
    OUTCOME = "outcome"
    EXIT_CODE = "exit_code"
    OUTPUT = "output"
    FUEL = "fuel"
    MEMORY = "memory"
    HOST_CALLS = "host_calls"
    LOGS = "logs"
    EFFECTS = "effects"
    #: what counts for a hook at a phase of a run
    VERDICT = "verdict"
    #: which deliveries follow from an event
    SCHEDULE = "schedule"
    #: an event is not the next one of what it happened to
    STREAM = "stream"
    #: how a delivery went on: its attempts, when they were made again, when it was given up
    COURSE = "course"
    #: whose answer counts at a phase of a run, and who was to be asked
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, in a sentence, and where it is about documents, the lines that differ."""

    aspect: Aspect
    message: str
    diff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What the event at a position says that a replay does not; ``subject`` names what it is about."""

    position: int
    subject: str
    differences: tuple[Difference, ...]


def changed(aspect: Aspect, name: str, recorded: object, replayed: object) -> Difference | None:
    """Return the difference between what a run had and what it has now, None where there is none."""
    if recorded == replayed:
        return None
    return Difference(aspect, f"{name}: {_shown(recorded)} then, {_shown(replayed)} now.")


def not_implied(aspect: Aspect, name: str, recorded: object, implied: object) -> Difference | None:
    """Return the difference between what is recorded and what follows from the log, None where none is."""
    if recorded == implied:
        return None
    return Difference(aspect, f"{name}: {_shown(recorded)} is recorded; the log implies {_shown(implied)}.")


def document_diff(recorded: bytes | None, replayed: bytes | None) -> tuple[str, ...]:
    """Return the lines in which two documents differ, JSON brought into lines; None is one not kept."""
    if recorded is None:
        return ("what was recorded is not kept any more",)
    lines = difflib.unified_diff(
        _lines(recorded), _lines(replayed or b""), "recorded", "replayed", lineterm="", n=2
    )
    shown = [line[:_LINE_LENGTH_MAX] for line in lines]
    if len(shown) > _LINES_MAX:
        shown = [*shown[:_LINES_MAX], f"and {len(shown) - _LINES_MAX} more lines"]
    return tuple(shown)


def _lines(document: bytes) -> list[str]:
    try:
        value = json.loads(document)
    except (ValueError, RecursionError):
        return document.decode(errors="backslashreplace").splitlines()
    return json.dumps(value, ensure_ascii=False, indent=2).splitlines()


def _shown(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "nothing" if value is None or value == "" else str(value)[:_LINE_LENGTH_MAX]
