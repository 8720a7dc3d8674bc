from __future__ import annotations

import pytest

from palyra_runtime.sandbox import BadOutput, parse_output


def test_no_output_is_no_document():
    """A guest may have nothing to say."""
    assert parse_output(b"") is None


def test_an_output_is_kept_as_the_guest_wrote_it():
    """All four keys may be there, and a result may be any JSON."""
    data = b'{"result":[1,null,2.5,"\xc3\xa9"],"a2ui":{"v":1},"annotations":{"a":1},"retry":false}'

    assert parse_output(data) == {
        "result": [1, None, 2.5, "é"],
        "a2ui": {"v": 1},
        "annotations": {"a": 1},
        "retry": False,
    }


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b" ", "is not valid JSON"),
        (b"[]", "is not a JSON object"),
        (b"null", "is not a JSON object"),
        (b"{} {}", "is not valid JSON"),
        (b"\xef\xbb\xbf{}", "is not valid JSON"),
        (b'{"result":"\xff"}', "is not valid Unicode text"),
        (b'{"result":NaN}', "NaN is not a JSON number"),
        (b'{"result":-Infinity}', "-Infinity is not a JSON number"),
        (b'{"result":1e999}', "too large for a number"),
        (b'{"result":{"a":1,"\\u0061":2}}', "occurs twice in one object"),
        (b'{"result":"\\ud800"}', "is not valid Unicode text"),
        (b'{"result":{"\\udfff":1}}', "is not valid Unicode text"),
        (b'{"result":' + b"9" * 5000 + b"}", "has more than 400 digits"),
        (b'{"result":' + b"[" * 64 + b"]" * 64 + b"}", "is nested deeper than 64 levels"),
        (b'{"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is nested deeper than 64 levels"),
        (b'{"result":' + b"[" * 100_000, "is nested deeper than 64 levels"),
    ],
)
def test_an_output_that_two_readers_could_read_differently_is_refused(data, why):
    """What the JSON standard leaves open is not left to the next reader."""
    with pytest.raises(BadOutput, match=f"^The output is refused. .*{why}"):
        parse_output(data)


def test_the_deepest_output_is_64_levels():
    """The bound counts the object itself."""
    assert parse_output(b'{"result":' + b"[" * 63 + b"]" * 63 + b"}") is not None


def test_an_output_with_another_key_is_refused():
    """A misspelt key is told, and not lost."""
    with pytest.raises(BadOutput, match="other keys than result, a2ui, annotations, retry"):
        parse_output(b'{"results":1}')


@pytest.mark.parametrize("data", [b'{"retry":0}', b'{"a2ui":[]}', b'{"annotations":null}'])
def test_a_value_of_another_type_is_refused(data):
    """The key retry is true or false, a2ui and annotations are objects."""
    with pytest.raises(BadOutput, match="is not of the type"):
        parse_output(data)
