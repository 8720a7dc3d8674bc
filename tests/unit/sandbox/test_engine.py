from __future__ import annotations

import re
import threading

import pytest

from palyra_runtime.sandbox import Form, UnsupportedEngine, fingerprint
from palyra_runtime.sandbox import engine as engine_module
from palyra_runtime.sandbox.engine import (
    COMPONENT_FLAGS,
    FLAGS,
    POOL,
    EpochTicker,
    new_component_engine,
    new_engine,
    ticks,
)


def test_the_fingerprint_names_engine_and_machine():
    """An auditor sees at a glance what a run was made on."""
    assert re.fullmatch(r"wasmtime-50\.0\.\d+-(x86_64|aarch64)-[0-9a-f]{16}", fingerprint())


@pytest.mark.parametrize("flag", ["max_wasm_stack", "cranelift_opt_level"])
def test_another_flag_is_another_fingerprint(monkeypatch, flag):
    """Runs of engines that could differ are never compared as equal."""
    before = fingerprint()
    monkeypatch.setitem(FLAGS, flag, "other")

    assert fingerprint.__wrapped__() != before


@pytest.mark.parametrize("size", POOL)
def test_another_pool_is_another_fingerprint(monkeypatch, size):
    """What a guest's memory is taken from is part of what it ran on."""
    before = fingerprint()
    monkeypatch.setitem(POOL, size, 7)

    assert fingerprint.__wrapped__() != before


def test_the_engine_for_components_has_a_fingerprint_of_its_own():
    """Nobody compares the fuel of a module with that of a component by mistake."""
    name = r"wasmtime-component-50\.0\.\d+-(x86_64|aarch64)-[0-9a-f]{16}"

    assert re.fullmatch(name, fingerprint(Form.COMPONENT))


@pytest.mark.parametrize("flag", COMPONENT_FLAGS)
def test_another_flag_is_another_fingerprint_of_components(monkeypatch, flag):
    """Features of components are part of what a run was made on, and so is each flag of the engine."""
    before = fingerprint(Form.COMPONENT)
    monkeypatch.setitem(COMPONENT_FLAGS, flag, "other")

    assert fingerprint.__wrapped__(Form.COMPONENT) != before


@pytest.mark.parametrize("make", [new_engine, new_component_engine])
@pytest.mark.parametrize("installed", ["49.0.0", "50.1.0", "51.0.0", "500.0.1"])
def test_no_engine_of_another_version_is_spoken_to(monkeypatch, installed, make):
    """Its C interface may have changed, and fuel may count otherwise."""
    monkeypatch.setattr(engine_module, "installed_version", lambda: installed)

    with pytest.raises(UnsupportedEngine, match=installed):
        make()


@pytest.mark.parametrize(
    ("milliseconds", "expected"), [(-5, 1), (0, 1), (0.1, 2), (5, 2), (5.1, 3), (2_000, 401)]
)
def test_a_deadline_in_ticks_never_comes_early(milliseconds, expected):
    """The tick under way counts for nothing, so one more is waited for."""
    assert ticks(milliseconds) == expected


class CountingEngine:
    """Counts the ticks instead of passing them to guests, and says when there were ten."""

    def __init__(self) -> None:
        self.epoch = 0
        self.ten = threading.Event()

    def increment_epoch(self):
        self.epoch += 1
        if self.epoch == 10:
            self.ten.set()


def test_the_epoch_rises_while_a_guest_runs():
    """A guest that is inside the ticker sees its deadline come nearer."""
    engine = CountingEngine()
    with EpochTicker(engine):
        assert engine.ten.wait(30)


def test_one_clock_ticks_for_all_engines():
    """However a guest is made, its deadline comes."""
    engines = CountingEngine(), CountingEngine()
    with EpochTicker(*engines):
        assert [engine.ten.wait(30) for engine in engines] == [True, True]


def ticking() -> int:
    return sum(thread.name == "palyra-epoch" for thread in threading.enumerate())


def test_one_thread_ticks_however_many_guests_run():
    """A second one would bring every deadline forward by half."""
    before, ticker = ticking(), EpochTicker(CountingEngine())
    with ticker, ticker:
        pass
    with ticker:
        assert ticking() - before == 1
