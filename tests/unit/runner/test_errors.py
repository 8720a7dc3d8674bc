from __future__ import annotations

from typing import get_args

import pytest

from palyra_runtime.runner import errors
from palyra_runtime.runner.errors import RunnerKind, run_error, runner_kind
from palyra_runtime.sandbox import RuntimeKind


@pytest.mark.parametrize("kind", get_args(RuntimeKind))
def test_each_failure_of_the_sandbox_has_an_error(kind):
    """No way in which a guest can fail is without a class, and the class is of the kind."""
    error = run_error(kind, "It did not work.", "link")

    line = [cls.__name__ for cls in type(error).__mro__]
    assert runner_kind(kind) in line
    assert (error.message, error.details) == ("It did not work.", {"outcome": "link"})


def test_each_kind_of_the_reference_has_a_class():
    """The table in the module's docstring is whole."""
    assert set(get_args(RunnerKind)) == {
        line.split()[0] for line in errors.__doc__.splitlines()[3:] if line.strip()
    }
