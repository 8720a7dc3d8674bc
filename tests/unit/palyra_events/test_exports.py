from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

import palyra_events
from palyra_events.errors import PalyraError, UnknownSkill
from palyra_events.exports import on_demand
from palyra_events.registry import REGISTRY


def loaded_after(statement, *modules: str):
    """Return which of the modules a new interpreter has loaded after a statement."""
    program = f"{statement}\nimport sys\nprint(*sorted(set({modules!r}) & set(sys.modules)))"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()


def test_a_name_is_found_in_its_module():
    """A public name of the package is the object of its home."""
    assert palyra_events.UnknownSkill is UnknownSkill


def test_every_event_and_every_error_is_offered():
    """Who embeds Palyra finds all that can be in a log, and all that can be raised, in one place."""
    modules = [import_module(f"palyra_events.{found.name}") for found in iter_modules(palyra_events.__path__)]
    errors = {
        item.__name__
        for module in modules
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, PalyraError)
    }
    assert {event.__name__ for event in REGISTRY.topics} | errors <= set(palyra_events.__all__)


def test_a_name_is_looked_up_once():
    """The second time it is an ordinary attribute."""
    assert palyra_events.SkillEnabled is vars(palyra_events)["SkillEnabled"]


@pytest.mark.parametrize("name", ["Nonsense", "annotations_", "cleandoc", "dataclass"])
def test_a_name_that_is_not_offered_is_no_attribute(name):
    """What a module imports for itself is not passed on."""
    with pytest.raises(AttributeError, match=f"module 'palyra_events' has no attribute '{name}'"):
        getattr(palyra_events, name)


def test_a_name_that_no_module_has_is_no_attribute():
    """A name that is promised and not kept is an error like any other missing name."""
    with pytest.raises(AttributeError):
        on_demand("palyra_events", ["Nonsense"], ["errors"])("Nonsense")


def test_catching_an_error_costs_no_models():
    """A program that wants an error class does not wait for pydantic."""
    assert loaded_after("from palyra_events import UnknownSkill", "pydantic", "palyra_events.skill") == []


def test_the_commands_speak_to_no_database():
    """The pure part of the package loads no driver, no sandbox and no terminal library."""
    drivers = ("sqlite3", "psycopg", "eventsourcing", "sqlalchemy", "wasmtime", "click", "cryptography")
    assert loaded_after("import palyra_events.application; from palyra_events import *", *drivers) == []
