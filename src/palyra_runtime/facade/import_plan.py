"""What reading bindings from a file would do: entry by entry, before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from palyra_events.errors import Conflict, InvalidInput


class ImportRefused(InvalidInput):
    """Some of the file's entries cannot be bound."""

    code = "IMPORT_REFUSED"
    advice = "Nothing was changed. Mend what is listed, or take these entries out of the file."


class ImportConflict(Conflict):
    """Some of the file's entries are bound otherwise here."""

    code = "IMPORT_CONFLICT"
    advice = "Nothing was changed. Bind them as the file says with --replace, or take them out of the file."


class ImportAction(StrEnum):
    """What becomes of one entry."""

    #: nothing of this name is bound here
    BIND = "bind"
    #: it is bound otherwise here, and is bound as the file says
    REBIND = "rebind"
    #: it is bound as the file says
    KEEP = "keep"
    #: it is bound otherwise here, and nobody said what counts
    CONFLICT = "conflict"
    #: it cannot be bound
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One entry: what it is to be, and how it is bound here, or why it cannot be bound.

    ``left_out`` names fields of the file that say something that Palyra does not keep.
    """

    name: str
    action: ImportAction
    wanted: str
    problem: str | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What becomes of all entries of a file, in the order of their names."""

    items: Sequence[ImportItem]

    @classmethod
    def of(cls, items: Iterable[ImportItem]) -> Self:
        """Return the plan of some entries, in whatever order the file has them."""
        return cls(sorted(items, key=lambda item: item.name))

    @property
    def is_clear(self) -> bool:
        """True where nothing stands in the way of the whole."""
        return not any(self._of(ImportAction.REFUSE, ImportAction.CONFLICT))

    def check(self) -> None:
        """Check that all of it can be done.

        Raises:
            ImportRefused: some of it cannot; every entry is named.
            ImportConflict: some of it is bound otherwise here; every entry is named.
        """
        for action, error, words in (
            (ImportAction.REFUSE, ImportRefused, "cannot be bound"),
            (ImportAction.CONFLICT, ImportConflict, "are bound otherwise here"),
        ):
            if found := [f"{item.name}: {item.problem}" for item in self._of(action)]:
                raise error(f"Entries that {words}: {len(found)} of {len(self.items)}.", failures=found)

    def _of(self, *actions: ImportAction) -> Iterator[ImportItem]:
        return (item for item in self.items if item.action in actions)
