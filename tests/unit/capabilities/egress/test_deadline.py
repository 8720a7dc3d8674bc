from __future__ import annotations

import pytest

from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.refusal import Refused


def test_left():
    """Before the deadline there are seconds left, never none."""
    assert 0 < Deadline.after(30).left() <= 30


@pytest.mark.parametrize("seconds", [0, -1])
def test_late(seconds):
    """At the deadline, and after it, the answer is ``timeout``."""
    with pytest.raises(Refused) as refused:
        Deadline.after(seconds).left()
    assert refused.value.code == "timeout"
