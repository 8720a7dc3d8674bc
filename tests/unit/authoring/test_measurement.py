from __future__ import annotations

import pytest

from palyra_runtime.authoring import Theatre, measure, read_build, read_fixture
from palyra_runtime.authoring.measurement import percentile
from palyra_runtime.sandbox import default_sandbox


def test_a_measurement_counts_fresh_runs(built):
    """Every run takes the same fuel, and whoever watches hears of each."""
    theatre = Theatre(default_sandbox(), built.manifest, read_build(built)[1]["echo.wasm"])
    told = []

    row = measure(
        theatre, "event", read_fixture(built, "event"), runs=5, told=lambda *each: told.append(each)
    )

    assert told == [(run, 5) for run in range(1, 6)]
    assert (row.name, row.outcome, row.runs) == ("event", "ok", 5)
    assert row.fuel_units_min == row.fuel_units_max > 0
    assert row.duration_us_p50 <= row.duration_us_p99
    assert row.memory_bytes_peak == 2 * 65_536


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([7], 50, 7), ([7], 99, 7), ([1, 2], 50, 1), ([1, 2], 99, 2), (list(range(1, 101)), 99, 99)],
)
def test_a_percentile_is_one_of_the_values(values, percent, expected):
    """The smallest that so many percent do not exceed."""
    assert percentile(values, percent) == expected
