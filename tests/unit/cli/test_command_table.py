from __future__ import annotations

import sys

import click
import pytest

from palyra_runtime.cli.command_table import CommandTable

PLACES = {"skill": "palyra_runtime.cli.skill:SKILL", "gone": "palyra_runtime.cli.nowhere:X"}


def test_names_are_known_before_anything_is_imported():
    """A listing of commands costs nothing."""
    assert list(CommandTable(PLACES)) == ["skill", "gone"]


def test_a_command_is_imported_when_it_is_named(monkeypatch):
    """What another command needs is not loaded for this one."""
    monkeypatch.delitem(sys.modules, "palyra_runtime.cli.skill", raising=False)
    command = CommandTable(PLACES)["skill"]

    assert (command.name, "palyra_runtime.cli.skill" in sys.modules) == ("skill", True)


def test_an_unknown_name_is_no_command():
    """The program tells people so; a place that is wrong is a mistake in the program."""
    assert CommandTable(PLACES).get("nothing") is None
    with pytest.raises(ModuleNotFoundError):
        CommandTable(PLACES)["gone"]


def test_commands_can_be_added_and_taken_away():
    """It behaves as the dictionary that it stands for."""
    table = CommandTable(PLACES)
    table["own"] = click.Command("own")
    del table["gone"]

    assert (list(table), len(table), table["own"].name) == (["skill", "own"], 2, "own")
