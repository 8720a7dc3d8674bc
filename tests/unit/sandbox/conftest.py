"""Guests in text form, and a broker whose clock stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from palyra_runtime.capabilities import HostBroker
from palyra_runtime.sandbox import (
    CapabilityGrantSet,
    Execution,
    Invocation,
    Limits,
    Sandbox,
    wasm_from_text,
)

GUESTS = Path(__file__).parents[2] / "guests"
NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)

Run = Callable[..., Execution]


@pytest.fixture
def guest() -> Callable[[str], bytes]:
    """The binary of a guest in tests/guests, by its name."""
    return lambda name: wasm_from_text((GUESTS / f"{name}.wat").read_text())


@pytest.fixture
def broker() -> HostBroker:
    return HostBroker(now=lambda: NOON, random_bytes=lambda count: bytes(range(count)))


@pytest.fixture(scope="session")
def thread_sandbox() -> Iterator[Sandbox]:
    with Sandbox(isolation="thread") as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def process_sandbox() -> Iterator[Sandbox]:
    with Sandbox(isolation="process") as sandbox:
        yield sandbox


@pytest.fixture(params=["thread", "process"])
def sandbox(request) -> Sandbox:
    """Each isolation in turn: a guest sees no difference."""
    return request.getfixturevalue(f"{request.param}_sandbox")


@pytest.fixture
def invoke(sandbox) -> Callable[[bytes, Invocation], Execution]:
    return sandbox.invoke


@pytest.fixture
def run(invoke, guest, broker) -> Run:
    """Runs a guest by its name; limits are given as keywords."""

    def run_guest(
        name: str, data: bytes = b"", *, grants: CapabilityGrantSet | None = None, **limits: int
    ) -> Execution:
        invocation = Invocation(
            broker=broker, input=data, grants=grants or CapabilityGrantSet(), limits=Limits(**limits)
        )
        return invoke(guest(name), invocation)

    return run_guest
