from __future__ import annotations

import pytest
from pydantic import ValidationError

from palyra_events.invocation import Invocation, LimitsRecord
from tests.sample_events import INVOCATION, LIMITS


@pytest.mark.parametrize("name", list(LimitsRecord.model_fields))
def test_every_limit_is_recorded_and_counts_from_zero(name):
    """No limit is left out, and none is negative."""
    facts = LIMITS.model_dump()
    for broken in ({**facts, name: -1}, {key: value for key, value in facts.items() if key != name}):
        with pytest.raises(ValidationError):
            LimitsRecord.model_validate(broken)


@pytest.mark.parametrize("name", ["as_of", "fuel_units", "memory_bytes_peak", "duration_us"])
def test_a_measure_counts_from_zero(name):
    """Nothing was used, or something."""
    facts = INVOCATION.model_dump()
    assert getattr(Invocation.model_validate({**facts, name: 0}), name) == 0
    with pytest.raises(ValidationError):
        Invocation.model_validate({**facts, name: -1})


def test_an_exit_code_is_any_i32():
    """A guest may answer with a negative number."""
    facts = INVOCATION.model_dump()
    assert Invocation.model_validate({**facts, "exit_code": -(2**31)}).exit_code == -(2**31)
