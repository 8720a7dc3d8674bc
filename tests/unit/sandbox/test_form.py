from __future__ import annotations

import pytest

from palyra_runtime.sandbox import Form, form_of


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"\0asm\x01\0\0\0", Form.MODULE),
        (b"\0asm\x0d\0\x01\0", Form.COMPONENT),
        (b"\0asm\x0e\0\x01\0more", Form.COMPONENT),
        (b"\0asm\x02\0\0\0", Form.MODULE),
        (b"\0asm", Form.MODULE),
        (b"(component)\x01\0", Form.MODULE),
        (b"", Form.MODULE),
    ],
)
def test_the_header_says_which_form_a_guest_has(data, form):
    """What is neither is read as a module, which then says what is wrong with it."""
    assert form_of(data) is form
