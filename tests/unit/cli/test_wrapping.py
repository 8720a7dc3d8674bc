from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from palyra_runtime.cli.wrapping import wrapped

WORDS = st.lists(st.text("ab鍵é", min_size=1, max_size=30), max_size=12).map(" ".join)


@given(text=WORDS, width=st.integers(2, 40))
def test_no_line_is_too_wide(text, width):
    """Where words may be broken, every line fits, also of characters that take two columns."""
    assert all(cell_len(line) <= width for line in wrapped(text, width, breaks_words=True))


@given(text=WORDS, width=st.integers(2, 40))
def test_no_word_is_lost(text, width):
    """The lines hold the words of the text, whole and in their order."""
    assert " ".join(wrapped(text, width)).split() == text.split()


def test_a_text_that_fits_is_left_alone():
    """Blanks inside are somebody's layout."""
    assert wrapped("a   b", 10) == ["a   b"]


def test_nothing_is_one_empty_line():
    """An empty text still takes its line."""
    assert wrapped("", 10) == [""]


def test_a_wide_word_has_its_own_line():
    """A path can be copied as a whole."""
    assert wrapped("see /a/very/long/path now", 10) == ["see", "/a/very/long/path", "now"]


def test_blanks_in_front_are_kept():
    """Lines of a block hang below each other."""
    assert wrapped("    one two three", 12) == ["    one two", "    three"]
