from __future__ import annotations

import pytest

from palyra_events.strict_json import InvalidJson, parse_json


@pytest.mark.parametrize(
    ("document", "value"),
    [
        (b'{"a":[1,2.5,true,null,"\\u00e4"]}', {"a": [1, 2.5, True, None, "ä"]}),
        ('"\\ud83d\\ude00"', "😀"),
        ("😀".join('""'), "😀"),
        (b" 0 ", 0),
        (b"-0.0", -0.0),
        (b"1e-400", 0.0),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b'{"a":{"a":1},"b":{"a":1}}', {"a": {"a": 1}, "b": {"a": 1}}),
    ],
    ids=ascii,
)
def test_json_is_read(document, value):
    """A JSON document has its one value, as bytes or as text."""
    assert parse_json(document, size_max=1000) == value


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"{} {}",
        b"[1,]",
        b"{'a':1}",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'"\x00"',
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'[{"b":{"a":1,"a":2}}]',
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b"9" * 5000,
        b"01",
        b'"\\ud800"',
        b'{"\\udc00":1}',
        b'["a",["\\ude00\\ud83d"]]',
        "\ud800".join('""'),
        b"[" * 1_000_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=lambda document: ascii(document[:24]),
)
def test_what_can_be_read_in_two_ways_or_none_is_refused(document):
    """Duplicate keys, half characters, numbers that are none, and bottomless nesting are no JSON."""
    with pytest.raises(InvalidJson):
        parse_json(document, size_max=2_000_000)


def test_size_is_checked_before_anything_is_read():
    """A document that is too large costs nothing."""
    with pytest.raises(InvalidJson) as refused:
        parse_json(b"x" * 11, size_max=10)
    assert refused.value.details == {"size_max": 10}


def test_a_document_of_the_largest_size_is_read():
    """The limit itself is allowed."""
    assert parse_json(b'"12345678"', size_max=10) == "12345678"
