"""Text from strangers, made fit for a terminal.

A plugin, an artifact or a database row may hold bytes that a terminal obeys: they move the cursor
over what was printed before, set the window's title, write to the clipboard (OSC 52), put a link
behind a word (OSC 8), or turn the direction of reading. Nothing that Palyra did not write itself
reaches a terminal by another way than this module.
"""

from __future__ import annotations

import json
import re

#: What has no glyph of its own. Controls (Cc: C0, DEL, C1), format characters (Cf: directions, zero
#: widths, tags), halves of surrogate pairs (Cs), line and paragraph separators (Zl, Zp), and the rest of
#: Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt): fillers and selectors that hide.
_UNSEEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)
_SPACE = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")


def safe_text(text: str) -> str:
    """Return ``text`` on one line, without the characters that a terminal obeys or does not show.

    Line ends and tabs become spaces. What follows an escape character stays, so that the reader sees
    that somebody tried.
    """
    return _UNSEEN.sub("", _SPACE.sub(" ", text))


def safe_lines(text: str) -> list[str]:
    """Return the lines of ``text``, each made safe; tabs become four spaces."""
    lines = _LINE_END.sub("\n", text).split("\n")
    return [safe_text(line.replace("\t", "    ")) for line in lines]


def safe_json(document: str) -> str:
    """Return a JSON document with those characters escaped: the same value, harmless to print.

    They can only stand inside its strings, where an escape means the same. The document's own line
    ends are kept.
    """
    return _UNSEEN.sub(_escaped, document)


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return character if character == "\n" else json.dumps(character)[1:-1]
