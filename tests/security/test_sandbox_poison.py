"""One bad plugin among twenty: the others never notice."""

from __future__ import annotations

import pytest

from palyra_runtime.sandbox import Sandbox
from tests.security.poison import GOOD, POISONS, rounds

ROUNDS = 5


@pytest.mark.parametrize("poison", POISONS, ids=[poison.name for poison in POISONS])
def test_nineteen_good_plugins_are_not_harmed_by_a_bad_one(poison, tally):
    """Whatever it does, each of the others answers every time with its own answer."""
    with Sandbox(isolation="process") as sandbox:
        bad, others, _ = rounds(sandbox, poison, ROUNDS)
    tally["good plugins run beside a bad one"] += len(others)

    assert {execution.outcome for execution in bad} == {poison.outcome}
    assert {execution.outcome for execution in others} == {"ok"}
    answers = [execution.document for execution in others]
    assert answers == [{"result": number} for number in range(GOOD)] * ROUNDS
