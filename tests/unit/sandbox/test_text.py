from __future__ import annotations

from palyra_runtime.sandbox.text import plain_text


def test_a_message_is_one_line():
    """Line ends would let a stranger write lines of a log."""
    assert plain_text("one\n two\r\n\tthree ") == "one two three"


def test_control_characters_are_shown_as_unknown():
    """Terminal commands and marks that turn the direction of writing do nothing."""
    assert plain_text("a\x1b[2Jb\u202ec") == "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}c"


def test_a_message_is_bounded():
    """A name of megabytes in a module is not copied into the log."""
    assert len(plain_text("x" * 10_000_000)) == 500
