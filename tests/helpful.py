"""What every error has to say for itself."""

from __future__ import annotations

from palyra_events.errors import PalyraError


def assert_helpful(error: PalyraError) -> None:
    """An error says in one sentence what is wrong, what to do, and how the command ends."""
    assert error.message
    assert "\n" not in error.message
    assert error.advice
    assert 2 <= error.exit_code <= 7
