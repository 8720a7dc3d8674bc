from __future__ import annotations

import base64
import html
import json
import urllib.parse

import pytest

from palyra_runtime.capabilities.masking import Mask

SECRET = 's3cr3t/"value"+with&<all> kinds\u00e9\U0001f511'
RAW = SECRET.encode()


def mask(*values: bytes) -> Mask:
    made = Mask()
    for value in values or (RAW,):
        made.add(value)
    return made


SPELLINGS = {
    "as it is": RAW,
    "hexadecimal": RAW.hex().encode(),
    "capital hexadecimal": RAW.hex().upper().encode(),
    "percent-encoded": urllib.parse.quote(SECRET).encode(),
    "percent-encoded, slash too": urllib.parse.quote(SECRET, safe="").encode(),
    "form-encoded": urllib.parse.quote_plus(SECRET).encode(),
    "percent-encoded in small letters": urllib.parse.quote(SECRET).lower().encode(),
    "each byte percent-encoded": b"".join(b"%%%02X" % byte for byte in RAW),
    "JSON": json.dumps(SECRET)[1:-1].encode(),
    "JSON in UTF-8": json.dumps(SECRET, ensure_ascii=False)[1:-1].encode(),
    "JSON with slashes escaped": json.dumps(SECRET)[1:-1].replace("/", "\\/").encode(),
    "HTML": html.escape(SECRET).encode(),
    "HTML by numbers": "".join(f"&#{ord(char)};" for char in SECRET).encode(),
    "HTML by hexadecimal numbers": "".join(f"&#x{ord(char):04X};" for char in SECRET).encode(),
    "base64": base64.b64encode(RAW).rstrip(b"="),
    "base64 for URLs": base64.urlsafe_b64encode(RAW).rstrip(b"="),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_spelling(spelling):
    """A secret is found in each spelling, with nothing of it left, and nothing else taken."""
    assert mask().content(b"<" + spelling + b">") == b"<[secret]>"


@pytest.mark.parametrize("before", [b"", b"u", b"us", b"use", b"user:"])
@pytest.mark.parametrize("after", [b"", b"x", b"xy", b"xyz"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_inside_of_base64(before, after, encode):
    """In the middle of something that is in base64 a secret is found at each of its three places."""
    encoded = encode(before + RAW + after)
    masked = mask().content(encoded)
    # Nothing of 4 characters is left that the secret alone decides.
    inner = encoded[len(before) * 4 // 3 + 1 : (len(before) + len(RAW)) * 4 // 3 - 1]
    pieces = {inner[start : start + 4] for start in range(len(inner) - 3)}
    assert b"[secret]" in masked
    assert not [piece for piece in pieces if piece in masked]


def test_unused():
    """Without a used secret everything stays as it is."""
    value = {"a": ["b", 1, None]}
    assert Mask().value(value) is value


def test_value():
    """All texts of an answer are masked: values, keys, at any depth."""
    assert mask(b"hidden-value").value({"hidden-value": [{"a": "-hidden-value-"}, 1, True, None]}) == {
        "[secret]": [{"a": "-[secret]-"}, 1, True, None]
    }


def test_binary_secret():
    """A secret that is no text is masked as bytes, and in hexadecimal and base64."""
    raw = bytes(range(128, 160))
    data = b"<" + raw + b"><" + raw.hex().encode() + b"><" + base64.b64encode(raw) + b">"
    assert mask(raw).content(data).count(b"[secret]") == 3


def test_one_in_the_other():
    """Of two secrets the longer one is masked first, so no rest of it is left."""
    assert mask(b"password", b"password-and-more").content(b"password-and-more") == b"[secret]"


def test_other_letters():
    """A secret in other letters is another text, except in encodings whose letters mean the same."""
    assert mask(b"Hidden-Value").content(b"hidden-value") == b"hidden-value"


def test_not_shown():
    """A mask that is printed does not show what it masks."""
    assert "hidden" not in repr(mask(b"hidden-value"))
