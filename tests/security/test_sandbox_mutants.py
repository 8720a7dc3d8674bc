"""Thousands of modules that nobody wrote: every one ends with an outcome.

`scripts/full-test` runs ten times as many, and modules that binaryen has generated.
"""

from __future__ import annotations

import pytest

from palyra_runtime.sandbox import Sandbox
from tests.security.module_fuzz import component_mutants, mutants, run_all

MUTANTS = {"thread": 4_000, "process": 1_000}
COMPONENTS = {"thread": 600, "process": 200}


@pytest.mark.slow
@pytest.mark.parametrize("isolation", MUTANTS)
def test_a_mutant_is_an_outcome(isolation, tally):
    """No crash, no hang, no untyped error, and no process lost, whatever the bytes."""
    with Sandbox(isolation=isolation) as sandbox:
        counts = run_all(sandbox, mutants(MUTANTS[isolation], seed=isolation))
    tally[f"mutated modules in {isolation} isolation"] = MUTANTS[isolation]
    tally[f"mutated modules in {isolation} isolation that compiled"] = counts.total() - counts["compile"]

    assert counts.total() >= MUTANTS[isolation]
    assert (counts["compile"] > 0, counts["ok"] > 0, counts["worker_lost"]) == (True, True, 0)


@pytest.mark.slow
@pytest.mark.parametrize("isolation", COMPONENTS)
def test_a_mutated_component_is_an_outcome(isolation, tally):
    """The same for components: their own sections, and those of the modules in them."""
    with Sandbox(isolation=isolation) as sandbox:
        counts = run_all(sandbox, component_mutants(COMPONENTS[isolation], seed=isolation))
    tally[f"mutated components in {isolation} isolation"] = COMPONENTS[isolation]
    tally[f"mutated components in {isolation} isolation that compiled"] = counts.total() - counts["compile"]

    assert counts.total() == COMPONENTS[isolation]
    assert (counts["compile"] > 0, counts["ok"] > 0, counts["worker_lost"]) == (True, True, 0)
