from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from palyra_events.hook import HookBound
from projections import PROJECTIONS, Projector
from projections import code as code_module
from projections.code import code_hash
from projections.engine import writing
from projections.generation import GENERATION
from projections.hook import HookView
from projections.plugin import PluginView
from tests.journal import Journal
from tests.sample_events import TARGET


def test_each_view_has_code_of_its_own():
    """A change of one view is none of another."""
    assert len({code_hash(view) for view in PROJECTIONS}) == len(PROJECTIONS)


@pytest.mark.parametrize(
    ("module", "is_part"), [("hook", True), ("rows", True), ("temporal", True), ("plugin", False)]
)
def test_code_is_a_view_and_what_it_folds_through(
    monkeypatch: pytest.MonkeyPatch, module: str, *, is_part: bool
):
    """A line more in the view, or in what makes its rows, is a change; elsewhere it is not."""
    before, original = code_hash(HookView), code_module._source
    changed = sys.modules[f"projections.{module}"]
    monkeypatch.setattr(code_module, "_source", lambda m: original(m) + "#" * (m is changed))
    code_module._hash_of.cache_clear()

    assert (code_hash(HookView) != before) == is_part
    code_module._hash_of.cache_clear()


def test_a_module_without_source_is_its_file(monkeypatch: pytest.MonkeyPatch):
    """Where only bytecode was installed, nothing fails."""
    monkeypatch.setattr("inspect.getsource", lambda _: (_ for _ in ()).throw(OSError))

    assert Path(code_module._source(sys.modules[PluginView.__module__])).name == "plugin.py"


def test_a_view_of_other_code_is_told_and_mended_by_a_rebuild(
    engine: Engine, projector: Projector, journal: Journal
):
    """It is still read until then: its rows are those of the version."""
    journal.add(HookBound, hook_id="greet", target=TARGET)
    projector.catch_up()
    with writing(engine) as connection:
        connection.execute(update(GENERATION).where(GENERATION.c.projection == "hook").values(code_hash="x"))

    found = [projector.changed()]
    projector.rebuild(["hook"])
    found.append(projector.changed())

    assert found == [["hook"], []]
