from __future__ import annotations

import pytest

from palyra_events.a2ui.scalar import (
    cell,
    clamp,
    identifier,
    is_number,
    number,
    number_text,
    string,
    text_length,
)


@pytest.mark.parametrize(
    ("text", "cut"),
    [("abcde", "abcde"), ("abcdef", "abcd…"), ("abc\U0001f600", "abc\U0001f600"), ("abc\U0001f600d", "abc…")],
)
def test_long_texts_end_in_an_ellipsis(text, cut):
    """Lengths are of UTF-16 units, and no character is cut in half."""
    assert clamp(text, 5) == cut


def test_half_characters_are_replaced():
    """What has no UTF-8 cannot be stored."""
    assert clamp("a\ud800b", 5) == "a\ufffdb"


def test_lengths_are_those_of_the_console():
    """An emoji is two units, half a pair is one."""
    assert [text_length(text) for text in ("ab", "ü", "\U0001f600", "\ud800")] == [2, 1, 2, 1]


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (" a ", "a"),
        ("\ufeff\u00a0a\u2029", "a"),
        ("\x1fa", "\x1fa"),
        (5, "fallback"),
        (None, "fallback"),
        ("", ""),
    ],
)
def test_texts_are_trimmed_as_javascript_does(value, made):
    """The blanks are those of the console's language, not of Python's."""
    assert string(value, "fallback", 10) == made


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("a:B_1-x", "a:B_1-x"),
        ("a b!!c.d", "a-b-c-d"),
        ("ü", "-"),
        ("x" * 12, "xxxxxxxxx-"),
        ("  ", "fallback"),
        (7, "fallback"),
    ],
)
def test_ids_have_few_characters(value, made):
    """All others become one hyphen."""
    assert identifier(value, "fallback", 10) == made


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-10, "1.5e-10"),
        (123456789012345680000.0, "123456789012345680000"),
        (1e21, "1e+21"),
        (10**30, "1e+30"),
        (5e-324, "5e-324"),
        (2**53 + 1, "9007199254740993"),
        (float("inf"), "Infinity"),
        (-(10**400), "-Infinity"),
        (float("nan"), "NaN"),
    ],
)
def test_numbers_are_written_as_javascript_does(value, shown):
    """A cell shows the same digits on the server and in the console."""
    assert number_text(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (" a ", " a "),
        ({"a": [1.0, None], 'q"': "é"}, '{"a":[1,null],"q\\"":"é"}'),
        ([], "[]"),
    ],
)
def test_cells_show_any_value(value, shown):
    """A text as it is, everything else as JSON."""
    assert cell(value, 50) == shown


@pytest.mark.parametrize(
    ("value", "made"), [(50, 9), (-3, 0), (4.0, 4), ("4", 1), (True, 1), (float("nan"), 1), (10**400, 1)]
)
def test_numbers_are_moved_into_their_bounds(value, made):
    """What is no number is the fallback."""
    assert number(value, 1, 0, 9) == made


@pytest.mark.parametrize(
    ("value", "is_one"), [(1, True), (0.5, True), (True, False), ("1", False), (1e999, False)]
)
def test_numbers_are_told_from_others(value, is_one):
    """A number is finite, and a truth value is none."""
    assert is_number(value) is is_one
