"""What was wrong with a document, a patch or a filled-in form, said in a list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from palyra_events.a2ui.limits import Limits


class ProblemCode(StrEnum):
    """What kind of thing was wrong, and what was done about it."""

    #: a component of an unknown type is shown as unsupported
    UNSUPPORTED = "unsupported"
    #: an item that cannot be read was left out
    DROPPED = "dropped"
    #: items or characters past a limit were cut off
    TRUNCATED = "truncated"
    #: a value of the wrong type or meaning gave way to the default
    REPLACED = "replaced"
    #: a number was outside the bounds that go with it, and moved to the nearest
    OUT_OF_RANGE = "out_of_range"
    #: an id had other characters than ``A-Z a-z 0-9 : _ -``
    INVALID_ID = "invalid_id"
    #: an id was taken already, and got a number
    DUPLICATE_ID = "duplicate_id"
    #: a row had more or fewer cells than there are columns
    RAGGED_ROW = "ragged_row"
    #: a property that nobody knows was left out
    UNKNOWN_PROPERTY = "unknown_property"
    #: there were more problems than are kept
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong: a code for programs, a JSON pointer to the place, a sentence for people."""

    code: str
    path: str
    message: str


class ProblemList:
    """Collects what was mended while a document is read; past the limit it only counts."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._problems: list[Problem] = []
        self._more = 0

    def add(self, code: ProblemCode, path: str, message: str) -> None:
        """Note one repair."""
        if len(self._problems) < self.limits.problems_max:
            self._problems.append(Problem(code.value, path, message))
        else:
            self._more += 1

    def all(self) -> tuple[Problem, ...]:
        """Return them in the order in which they were found."""
        if not self._more:
            return tuple(self._problems)
        return (*self._problems, Problem(ProblemCode.MORE, "", f"{self._more} more problems are not listed."))
