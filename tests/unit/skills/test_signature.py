from __future__ import annotations

import base64

import pytest

from palyra_runtime.skills import parse_public_key
from palyra_runtime.skills.errors import InvalidPublicKey
from tests.sample_skills import KEY

HEX = KEY.public_key.hex()
BASE64 = base64.b64encode(KEY.public_key).decode()


@pytest.mark.parametrize("text", [HEX, HEX.upper(), f" {HEX}\n", BASE64, f"\t{BASE64} "])
def test_a_public_key_as_people_paste_it(text):
    """Hexadecimal as lists have it, base64 as artifacts have it, with spaces around."""
    assert parse_public_key(text) == KEY.public_key


@pytest.mark.parametrize(
    "text",
    ["", "acme", HEX[:-1], HEX + "0", "g" * 64, BASE64[:-1], "ed25519:18ef15db1c014546", "ä" * 64, "\0" * 32],
)
def test_what_is_no_public_key(text):
    """A key's id is no key, and nothing is padded or cut."""
    with pytest.raises(InvalidPublicKey) as refused:
        parse_public_key(text)

    assert refused.value.exit_code == 2
