from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from palyra_runtime.cli.table import GAP, Column, layout

ID = Column("ID", lambda row: row[0], is_whole=True)
COUNT = Column("COUNT", lambda row: row[1], is_number=True)
TEXT = Column("TEXT", lambda row: row[2])


def lines(rows, width=80, columns=(ID, COUNT, TEXT)):
    return [GAP.join(cells) for cells in layout(columns, rows, width)]


def test_columns_are_as_wide_as_what_they_hold():
    """Titles and cells line up; numbers stand at the right; no line ends with a blank."""
    assert lines([("a", 7, "first"), ("longer", 1234, "")]) == [
        "ID      COUNT  TEXT",
        "a           7  first",
        "longer   1234",
    ]


def test_a_table_without_rows_has_its_titles():
    """The titles are there even if nothing else is."""
    assert lines([]) == ["ID  COUNT  TEXT"]


def test_a_long_text_is_cut_with_an_ellipsis():
    """A text gives way where the screen is too narrow."""
    assert lines([("a", 1, "x" * 100)], width=30)[1] == f"a       1  {'x' * 18}…"


def test_a_text_that_wraps_goes_on_in_the_next_line():
    """Nothing is lost of what matters; a word that is too long is broken."""
    why = Column("WHY", lambda row: row[2], wraps=True)

    assert lines([("a", 1, "because of one and of two-and-three-and-four")], 28, (ID, COUNT, why)) == [
        "ID  COUNT  WHY",
        "a       1  because of one",
        "           and of",
        "           two-and-three-and",
        "           -four",
    ]


def test_an_id_is_never_cut():
    """What is copied into the next command is whole, even if the screen is too narrow for it."""
    long_id = "i" * 128

    assert lines([(long_id, 1, "text")], width=40)[1].startswith(long_id)


def test_wide_characters_are_counted_as_wide():
    """An ideograph takes two columns of the screen, and the next column lines up all the same."""
    first, second = lines([("鍵", 1, "x"), ("ab", 1, "x")])[1:]

    assert cell_len(first) == cell_len(second)


def test_what_is_absent_is_an_empty_cell():
    """None is shown as nothing."""
    assert lines([("a", 1, None)])[1] == "a       1"


TEXTS = st.text(max_size=60)


@given(rows=st.lists(st.tuples(st.text("abc", min_size=1, max_size=10), st.integers(0, 10**6), TEXTS)))
def test_a_line_fits_on_the_screen(rows):
    """Where ids leave room for texts, no line is wider than the screen, whatever the texts hold."""
    assert max(map(cell_len, lines(rows, width=40))) <= 40


@given(text=st.text(max_size=80))
def test_a_row_is_one_safe_line(text):
    """A text cannot add a line to a table, nor a control."""
    line = lines([("a", 1, text)])[1]

    assert line.splitlines() == [line]
    assert "\x1b" not in line
