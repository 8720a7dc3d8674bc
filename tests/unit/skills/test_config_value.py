from __future__ import annotations

import pytest

from palyra_runtime.skills.config_value import fits_type, typed_value
from palyra_runtime.skills.manifest import PropertyType


@pytest.mark.parametrize(
    ("wanted", "fitting", "others"),
    [
        ("string", ["", "a"], [1, None, ["a"], True]),
        ("integer", [0, -(2**63), 2**64 - 1], [2**64, -(2**63) - 1, 1.0, "1", True, None]),
        ("number", [0, 1.5, -1], [float("inf"), float("nan"), "1", True, None]),
        ("boolean", [True, False], [0, 1, "true", None]),
        ("string_list", [[], ["a", "b"]], ["a", [1], ["a", None], {"a": 1}]),
    ],
)
def test_values_and_their_types(wanted: str, fitting: list[object], others: list[object]):
    """Nothing is converted: true is no number, and a number is no text."""
    assert [value for value in fitting if not fits_type(PropertyType(wanted), value)] == []
    assert [value for value in others if fits_type(PropertyType(wanted), value)] == []


@pytest.mark.parametrize(
    ("wanted", "text", "value"),
    [
        ("string", "3", "3"),
        ("integer", "3", 3),
        ("boolean", "true", True),
        ("boolean", "yes", "yes"),
        ("string_list", '["a"]', ["a"]),
        ("number", "1e", "1e"),
    ],
)
def test_what_people_type(wanted: str, text: str, value: object):
    """A text is read as its key's type; what cannot be read stays what it is, and does not fit then."""
    assert typed_value(PropertyType(wanted), text) == value
