from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from palyra_runtime.cli.safe_text import safe_json, safe_lines, safe_text

UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}

#: Default_Ignorable_Code_Point beyond those categories: they have no glyph, and hide text or pass as spaces
FILLERS = [0x034F, 0x115F, 0x1160, 0x17B4, 0x180B, 0x3164, 0xFE0F, 0xFFA0, 0xFFF0, 0xE0100]

ANYTHING = st.text(st.characters(), max_size=200)

TRICKS = [
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x9d52;c;cm0gLXJmIH4=\x9c",
    "\x1b[2J\x1b[H\x1b[32menabled\x1b[0m",
    "\x9b2J",
    "\x1bP$qm\x1b\\",
    "\x1b]0;title\x07",
    "quarantined\renabled",
    "abc\b\b\bxyz",
    "\u202edelbane\u202c",
    "a\u200bcme.\u2060greeter\ufeff",
    "\u2066\u2069\u061c\u200f",
    "\ud800 half a pair \udfff",
    "\U000e0041\U000e007f",
]


def is_unseen(character: str) -> bool:
    return unicodedata.category(character) in UNSEEN_CATEGORIES


def tricks(test):
    for trick in TRICKS:
        test = example(text=trick)(test)
    return test


@tricks
@given(text=ANYTHING)
def test_nothing_that_a_terminal_obeys_passes(text):
    """Controls, escapes, directions, zero widths and half pairs never reach the terminal."""
    shown = safe_text(text)

    assert not [character for character in shown if is_unseen(character)]


@tricks
@given(text=ANYTHING)
def test_lines_are_one_line_each(text):
    """A text of several lines cannot smuggle in another one, nor a control."""
    shown = safe_lines(text)

    assert shown
    assert not [character for line in shown for character in line if is_unseen(character)]


@given(text=ANYTHING)
def test_made_safe_twice_is_made_safe_once(text):
    """What is safe stays as it is."""
    shown = safe_text(text)

    assert safe_text(shown) == shown


@given(text=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], max_codepoint=0x2FFF)))
def test_what_people_write_passes_unchanged(text):
    """Letters, numbers, marks of punctuation and symbols of any script are shown."""
    kept = "".join(character for character in text if ord(character) not in FILLERS)

    assert safe_text(text) == kept


def test_no_code_point_is_forgotten():
    """Each code point that Unicode calls a control, format, surrogate or line end is taken out."""
    everything = map(chr, range(sys.maxunicode + 1))

    passed = [hex(ord(c)) for c in everything if is_unseen(c) and safe_text(c).strip()]

    assert passed == []


@pytest.mark.parametrize("filler", FILLERS, ids=hex)
def test_fillers_are_taken_out(filler):
    """A name cannot look like another one by letters that are not seen."""
    assert safe_text(f"acme{chr(filler)}.greeter") == "acme.greeter"


@pytest.mark.parametrize("between", ["\n", "\r\n", "\t", "\v", "\u2028", "\x85", " \n\t\n"])
def test_words_on_two_lines_stay_two_words(between):
    """On one line, line ends and tabs are spaces."""
    assert safe_text(f"one{between}two").split() == ["one", "two"]


def test_lines_are_kept_as_lines():
    """Every kind of line end ends a line, and a tab is four spaces."""
    assert safe_lines("a\nb\r\nc\rd\u2028e\x85\tf") == ["a", "b", "c", "d", "e", "    f"]


def test_what_follows_an_escape_is_shown():
    """The reader sees that somebody tried."""
    assert safe_text("\x1b]52;c;eA==\x07") == "]52;c;eA=="


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | ANYTHING,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(ANYTHING, values, max_size=4),
    max_leaves=12,
)


@given(value=JSON_VALUES)
@example(value=TRICKS)
@example(value={trick: trick for trick in TRICKS})
def test_a_json_document_keeps_its_value_and_is_safe(value):
    """What a program reads is what was said, and what a terminal sees is harmless ASCII escapes."""
    document = safe_json(json.dumps(value, ensure_ascii=False, indent=2))

    assert json.loads(document) == json.loads(json.dumps(value))
    assert not [character for character in document.replace("\n", "") if is_unseen(character)]
