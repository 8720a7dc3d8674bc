"""Ids that are unique where they stand."""

from __future__ import annotations

from itertools import count

from palyra_events.a2ui.problem import ProblemCode
from palyra_events.a2ui.source import Source


class UniqueIds:
    """The ids taken so far; who comes second gets a number: ``a``, ``a-2``, ``a-3``."""

    def __init__(self, length_max: int) -> None:
        self._length_max = length_max
        self._taken: set[str] = set()

    def take(self, wanted: str, source: Source, name: str = "id") -> str:
        """Return ``wanted``, or it with a number where it is taken; that is noted at the source's ``name``.

        The number always fits: it is the id that is cut, so that two long ones stay different.
        """
        made = wanted if wanted not in self._taken else self._numbered(wanted)
        if made != wanted:
            source.note(ProblemCode.DUPLICATE_ID, name, f"The id {wanted!r} was taken, and became {made!r}.")
        self._taken.add(made)
        return made

    def _numbered(self, wanted: str) -> str:
        suffixes = (f"-{number}" for number in count(2))
        # Two hyphens would be one when the id is read again.
        numbered = (f"{wanted[: self._length_max - len(suffix)].rstrip('-')}{suffix}" for suffix in suffixes)
        return next(name for name in numbered if name not in self._taken)
