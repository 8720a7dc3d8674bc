"""One object of a stranger's document, read property by property; what has to be mended is noted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from palyra_events.a2ui.pointer import format_pointer
from palyra_events.a2ui.problem import ProblemCode, ProblemList
from palyra_events.a2ui.scalar import clamp, identifier, is_number, plain_number, string, text_length, trim

#: of a stranger's word in a message
_NAME_LENGTH_MAX = 80


class Source:
    """An object and the place where it stands, a JSON pointer (RFC 6901)."""

    def __init__(self, value: object, path: str, problems: ProblemList) -> None:
        self.path = path
        self.problems = problems
        self._values: Mapping[str, Any] = value if isinstance(value, dict) else {}
        self._known: set[str] = set()
        if not isinstance(value, dict | None):
            self.note(ProblemCode.REPLACED, "", "This is not an object, and is read as an empty one.")

    def note(self, code: ProblemCode, name: str, message: str) -> None:
        """Note a repair of the property ``name``, or of the object itself."""
        self.problems.add(code, self.place(name), message)

    def place(self, name: str) -> str:
        """Return the pointer to a property."""
        return f"{self.path}{format_pointer(name)}" if name else self.path

    def text(self, *names: str, default: str, length_max: int) -> str:
        """Return a text, trimmed and cut; of several names for one thing, the first that holds one."""
        name, value = self._pick(names, str)
        if not isinstance(value, str):
            self._replaced(name, value, "a text", default)
            return default
        if text_length(trim(value)) > length_max:
            self.note(ProblemCode.TRUNCATED, name, f"The text was cut to {length_max} characters.")
        return string(value, default, length_max)

    def identifier(
        self, *names: str, default: str, length_max: int, forbidden: re.Pattern[str] | None = None
    ) -> str:
        """Return an id."""
        name, value = self._pick(names, str)
        options = {"forbidden": forbidden} if forbidden else {}
        made = identifier(value, default, length_max, **options)
        if not isinstance(value, str):
            self._replaced(name, value, "a text", made)
        elif made != trim(value):
            self.note(
                ProblemCode.INVALID_ID, name, f"The id {clamp(value, _NAME_LENGTH_MAX)!r} became {made!r}."
            )
        return made

    def flag(self, *names: str, default: bool = False) -> bool:
        """Return a truth value."""
        name, value = self._pick(names, bool)
        if isinstance(value, bool):
            return value
        self._replaced(name, value, "true or false", str(default).lower())
        return default

    def number(self, *names: str, default: float) -> int | float:
        """Return a number as it is."""
        name, value = self._pick(names, object)
        if is_number(value):
            return plain_number(value)
        self._replaced(name, value, "a number", str(default))
        return default

    def choice(self, *names: str, default: str, among: Sequence[str]) -> str:
        """Return one of several words."""
        name, value = self._pick(names, object)
        if isinstance(value, str) and trim(value) in among:
            return trim(value)
        self._replaced(name, value, f"one of {', '.join(among)}", default)
        return default

    def items(self, *names: str, count_max: int) -> list[tuple[str, Any]]:
        """Return the items of a list with the pointer to each; what is no list is an empty one."""
        name, value = self._pick(names, list)
        if not isinstance(value, list):
            self._replaced(name, value, "a list", "an empty one")
            return []
        if len(value) > count_max:
            self.note(
                ProblemCode.TRUNCATED, name, f"Only the first {count_max} of {len(value)} entries are kept."
            )
        return [(f"{self.place(name)}/{index}", item) for index, item in enumerate(value[:count_max])]

    def objects(self, *names: str, count_max: int) -> Iterator[tuple[int, Source]]:
        """Yield those items of a list that are objects, each with its number from 1."""
        for number, (path, item) in enumerate(self.items(*names, count_max=count_max), start=1):
            if isinstance(item, dict):
                yield number, Source(item, path, self.problems)
            else:
                self.problems.add(ProblemCode.DROPPED, path, "An entry that is not an object was left out.")

    def take(self, name: str) -> Any:
        """Return a property as it is, None where there is none."""
        return self._pick((name,), object)[1]

    def finish(self) -> None:
        """Note the properties that nobody asked for."""
        for name in self._values:
            if name not in self._known:
                shown = clamp(name, _NAME_LENGTH_MAX)
                place = name if shown == name else ""
                self.note(ProblemCode.UNKNOWN_PROPERTY, place, f"The property {shown!r} is not known.")

    def _pick(self, names: tuple[str, ...], kind: type) -> tuple[str, Any]:
        self._known.update(names)
        present = [name for name in names if self._values.get(name) is not None]
        name = next((name for name in present if isinstance(self._values[name], kind)), (present or names)[0])
        return name, self._values.get(name)

    def _replaced(self, name: str, value: object, kind: str, default: str) -> None:
        if value is not None:
            self.note(ProblemCode.REPLACED, name, f"This is not {kind}; it became {default!r}.")
