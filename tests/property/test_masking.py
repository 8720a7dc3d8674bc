from __future__ import annotations

import base64

from hypothesis import example, given
from hypothesis import strategies as st

from palyra_runtime.capabilities.masking import Mask

SECRETS = st.binary(min_size=8, max_size=40).filter(lambda value: value not in b"[secret]" * 10)
AROUND = st.binary(max_size=12)


@given(SECRETS, AROUND, AROUND)
def test_nothing_is_left(secret, before, after):
    """Whatever stands around a secret, it is not in what is left, plain or in hexadecimal."""
    mask = Mask()
    mask.add(secret)
    assert secret not in mask.content(before + secret + after)
    assert secret.hex() not in mask.text((before + secret + after).hex())


@given(SECRETS, AROUND, AROUND)
@example(secret=bytes(8), before=b"\0\0\1", after=bytes(6))
def test_nothing_can_be_decoded(secret, before, after):
    """No piece that is left of base64 decodes to the secret, wherever one begins to read it."""
    mask = Mask()
    mask.add(secret)
    pieces = mask.content(base64.b64encode(before + secret + after)).split(b"[secret]")
    decoded = [each for piece in pieces for each in readings(piece.rstrip(b"="))]
    assert not [each for each in decoded if secret in each]


def readings(letters: bytes) -> list[bytes]:
    """What whole groups of four letters mean, from each of the four places on."""
    return [base64.b64decode(letters[start : start + (len(letters) - start) // 4 * 4]) for start in range(4)]


@given(SECRETS)
def test_masking_again_changes_nothing(secret):
    """The broker masks what a service has masked already."""
    mask = Mask()
    mask.add(secret)
    once = mask.content(b"a" + secret + b"b")
    assert mask.content(once) == once
