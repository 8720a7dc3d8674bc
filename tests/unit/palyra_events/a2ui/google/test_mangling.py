from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from palyra_events.a2ui.google.mangling import mangled, unmangled

IDS = st.text("abzAZ09:_-x", max_size=20)


@given(IDS)
def test_an_id_comes_back(name):
    """What was mangled can be read again, whatever was in it."""
    assert unmangled(mangled(name)) == name


@given(IDS)
def test_a_mangled_id_is_an_identifier(name):
    """After a letter, only letters, digits and underscores."""
    assert f"c_{mangled(name)}".isidentifier()


def test_different_ids_stay_different():
    """The underscore is mangled too, because it starts what is mangled."""
    assert mangled("a-b") == "a_x2d_b"
    assert mangled("a_x2d_b") == "a_x5f_x2d_x5f_b"
