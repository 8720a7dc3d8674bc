from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palyra_events.a2ui.pointer import format_pointer, parse_pointer


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ()),
        ("/", ("",)),
        ("/a/0/-", ("a", "0", "-")),
        ("/a~1b/m~0n", ("a/b", "m~n")),
        ("/~01", ("~1",)),
        ("a", None),
        ("#/a", None),
        ("/~", None),
        ("/~2", None),
        ("/a~", None),
    ],
)
def test_pointers_are_read_as_the_standard_says(text, tokens):
    """RFC 6901, sections 3 and 4; what is none is None."""
    assert parse_pointer(text) == tokens


@given(st.lists(st.text(max_size=5)))
def test_any_names_make_a_pointer(tokens):
    """What was written is read again, whatever is in the names."""
    assert parse_pointer(format_pointer(*tokens)) == tuple(tokens)
