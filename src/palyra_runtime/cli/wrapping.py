"""Breaking texts into lines that fit on a screen."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells


def wrapped(text: str, width: int, *, breaks_words: bool = False) -> list[str]:
    """Return ``text`` as lines of at most ``width`` columns, broken between words.

    A word that is wider than a line has one of its own, or is broken too if ``breaks_words``. Blanks
    before the first word are kept in front of every line.
    """
    words = text.split()
    if cell_len(text) <= width or not words:
        return [text]
    indent = " " * min(len(text) - len(text.lstrip()), width // 2)
    room = width - len(indent)
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".lstrip()
        if cell_len(longer) <= room:
            lines[-1] = longer
        else:
            lines.extend(chop_cells(word, room) if breaks_words else [word])
    return [indent + line for line in lines if line]
