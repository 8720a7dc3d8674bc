"""Values as JSON knows them."""

from __future__ import annotations

from collections.abc import Iterator

from palyra_events.a2ui.refusal import DocumentRefused
from palyra_events.strict_json import DEPTH_MAX


def check_json(root: object) -> None:
    """See that ``root`` is a JSON value that is not nested too deeply.

    It looks level by level, without recursion: the depth is the stranger's choice.

    Raises:
        DocumentRefused: it is nested deeper than JSON documents may be, or holds something that JSON
            does not know.
    """
    level = [root]
    for _ in range(DEPTH_MAX + 1):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise DocumentRefused(f"The document is nested deeper than {DEPTH_MAX} levels.", path="")


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise DocumentRefused("The document has a key that is not a text.", path="")
        yield from value.values()
    elif isinstance(value, list):
        yield from value
    elif not isinstance(value, str | int | float | None):
        raise DocumentRefused(f"The document holds a {type(value).__name__}, which is no JSON.", path="")
