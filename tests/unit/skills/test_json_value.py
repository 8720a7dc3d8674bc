from __future__ import annotations

from datetime import date

import pytest

from palyra_runtime.skills.json_value import DEPTH_MAX, json_problem


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value", [None, True, 1, 1.5, "a", [], {}, {"a": [{"b": None}]}, nested(DEPTH_MAX - 1)]
)
def test_values_that_json_can_say(value):
    """JSON's own values have no problem."""
    assert json_problem(value) is None


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (float("inf"), "finite"),
        ({"a": [float("nan")]}, "finite"),
        ({"a": date(2026, 1, 1)}, "date"),
        (nested(DEPTH_MAX), "deeper"),
        (nested(100_000), "deeper"),
    ],
    ids=["infinity", "nan", "date", "deep", "very deep"],
)
def test_values_that_json_cannot_say(value, word):
    """What only TOML can say is named."""
    assert word in json_problem(value)
