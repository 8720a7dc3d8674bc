from __future__ import annotations

import pytest

from palyra_events.a2ui.bar import bars


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], []),
        ([0, 0], ["", ""]),
        ([10, 5], ["██████████", "█████"]),
        ([-10, 5], ["▒▒▒▒▒▒▒▒▒▒", "█████"]),
        ([1e300, 1], ["██████████", "█"]),
        ([1.7e308, -1.7e308], ["██████████", "▒▒▒▒▒▒▒▒▒▒"]),
        ([5e-324, 0], ["██████████", ""]),
    ],
)
def test_bars_are_in_proportion(values, drawn):
    """The largest is as wide as there is room, the smallest can be seen, and what is below zero is told."""
    assert bars(values, 10) == drawn
