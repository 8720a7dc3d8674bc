"""One thing that can be asked of a gateway over HTTP, as a row of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from palyra_events.token import Role

Verb: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]
#: told how much is done, and of how much
Progress: TypeAlias = Callable[[int, int], None]

#: the path under which all operations are
API = "/api/v1"
#: what is answered, where the row says nothing else
JSON_TYPE = "application/json"


class Turn(NamedTuple):
    """How the next page of a listing is asked for: ``parameter`` takes the ``field`` of the last row.

    Where the newest come first, ``backwards`` takes the position before that of the last row.
    """

    parameter: str
    field: str
    backwards: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask for.

    ``call`` is a method of the facade's ``noun``, or a function that takes that noun first. What it takes
    besides is read off its signature: what the path names in the path, the rest in the query of a GET,
    and in the body otherwise. What ``is_job`` takes ``progress``, and is answered before it is done.
    """

    noun: str
    call: Callable[..., Any]
    verb: Verb
    path: str
    role: Role
    turn: Turn | None = None
    leaves_out: frozenset[str] = frozenset()
    is_job: bool = False
    media_type: str = JSON_TYPE

    @property
    def name(self) -> str:
        """The name of the operation, such as ``hooks.bind``."""
        return f"{self.noun}.{self.call.__name__}"

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.verb != "GET"

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        paragraph = (self.call.__doc__ or "").strip().partition("\n\n")[0]
        return " ".join(paragraph.split()).partition(". ")[0].rstrip(".") + "."
