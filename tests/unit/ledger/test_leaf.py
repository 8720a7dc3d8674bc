from __future__ import annotations

import hashlib
from uuid import UUID

import pytest

from palyra_events.ledger import leaf_hash

STREAM = UUID("8e3c9a52-6a0f-5d0b-9a51-0f6c3a1d7e44")

#: Frozen for ever: a checkpoint that was signed once commits to these bytes.
GOLDEN = [
    (
        (1, UUID(int=0), 1, "SkillEnabled@1", b""),
        "7567568b485605536e21cd9ca55186c1ed3991943bbd1f7b361da7e548a96045",
    ),
    (
        (258, STREAM, 7, "Größe@12", b'{"n":1}'),
        "1b85e9229d59b7db796f78d30a0b44433dddd0ed4f9b56dd91227f65e6fc0493",
    ),
    (
        (2**63 - 1, UUID(int=2**128 - 1), 2**31, "T@1", bytes(range(256))),
        "0f7a5872dca8d2150e321e39a84655968b024ae76aec0d6e7c25c0f21e206a38",
    ),
]


def test_fields_are_prefixed_with_their_lengths():
    """The input of the hash is spelled out here once, byte by byte."""
    spelled = bytes.fromhex(
        "00"
        "00000008"
        "0000000000000102"
        "00000010"
        "8e3c9a526a0f5d0b9a510f6c3a1d7e44"
        "00000008"
        "0000000000000007"
        "00000006"
        "c3bc4031c2b2"
        "00000002"
        "7b7d"
    )
    assert leaf_hash(258, STREAM, 7, "ü@1²", b"{}") == hashlib.sha256(spelled).digest()


@pytest.mark.parametrize(("row", "digest"), GOLDEN)
def test_golden_values(row: tuple[int, UUID, int, str, bytes], digest: str):
    """The hash of a row never changes."""
    assert leaf_hash(*row).hex() == digest


def test_border_between_fields_matters():
    """Moving a byte from one field to the next gives another hash."""
    assert leaf_hash(1, STREAM, 1, "A@1", b"1{}") != leaf_hash(1, STREAM, 1, "A@11", b"{}")
