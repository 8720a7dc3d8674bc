"""Hostile guests in text form, and a broker whose clock stands still."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from palyra_runtime.capabilities import HostBroker
from palyra_runtime.sandbox import wasm_from_text

GUESTS = Path(__file__).parents[1] / "guests"


@pytest.fixture
def guest() -> Callable[[str], bytes]:
    """The binary of a guest in tests/guests, by its name."""
    return lambda name: wasm_from_text((GUESTS / f"{name}.wat").read_text())


@pytest.fixture
def broker() -> HostBroker:
    return HostBroker(now=lambda: datetime(2026, 3, 1, tzinfo=UTC), random_bytes=bytes)


_TALLY: Counter[str] = Counter()


@pytest.fixture
def tally() -> Counter[str]:
    """Counts that are printed at the end of the run."""
    return _TALLY


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was counted."""
    for what, count in sorted(_TALLY.items()):
        terminalreporter.write_line(f"{what}: {count}")
