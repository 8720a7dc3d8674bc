from __future__ import annotations

import re
from copy import copy
from importlib import import_module
from pkgutil import walk_packages

import pytest

from palyra_events import errors
from palyra_events.errors import PalyraError
from palyra_events.registry import RegistryError
from palyra_events.shown import OutputRefused
from palyra_runtime.capabilities.broker import Refused
from palyra_runtime.dispatch.sender import SendFailed
from palyra_runtime.sandbox.frames import Lost
from palyra_runtime.sandbox.outcome import GuestStopped
from palyra_runtime.sandbox.output import BadOutput

PACKAGES = ["palyra_events", "palyra_runtime", "projections"]

#: mistakes in the program: they end it with a traceback, and nobody is to catch them
PROGRAM_ERRORS = {RegistryError}

#: what a guest did, on its way to the outcome or the answer that it becomes; no caller ever sees them
GUEST_SIGNALS = {BadOutput, GuestStopped, Lost, OutputRefused, Refused, SendFailed}

#: as documented for the command line; 70 is an internal error
EXIT_CODES = {1, 2, 3, 4, 5, 6, 7, 8, 70}


def modules():
    """Return every module of the three packages, imported."""
    roots = [import_module(name) for name in PACKAGES]
    found = (module for root in roots for module in walk_packages(root.__path__, f"{root.__name__}."))
    return [*roots, *(import_module(module.name) for module in found if not module.name.endswith("__main__"))]


def exceptions():
    """Return every exception class that the three packages define."""
    return {
        item
        for module in modules()
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, BaseException) and item.__module__ == module.__name__
    }


EXCEPTIONS = sorted(exceptions(), key=lambda error: (error.__module__, error.__qualname__))
ERRORS = [error for error in EXCEPTIONS if issubclass(error, PalyraError)]
BRANCHES = [error for error in PalyraError.__subclasses__() if error.__module__ == errors.__name__]

each_error = pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)


def test_there_is_one_root():
    """Who catches `PalyraError` has caught all that leaves a package but the program's own mistakes."""
    assert set(EXCEPTIONS) - set(ERRORS) == PROGRAM_ERRORS | GUEST_SIGNALS


def test_the_tree_that_is_drawn_is_the_tree():
    """The branches and their exit codes are those of the docstring."""
    drawn = re.findall(r"[├└]── (\w+) +exit (\d+)", errors.__doc__)
    assert [(name, int(code)) for name, code in drawn] == [(e.__name__, e.exit_code) for e in BRANCHES]
    root = re.search(r"PalyraError +exit (\d+)", errors.__doc__)
    assert int(root[1]) == PalyraError.exit_code


def test_no_package_adds_a_branch():
    """Leaves grow everywhere, also at the root; branches are where everybody looks for them."""
    others = set(PalyraError.__subclasses__()) - set(BRANCHES)
    assert [error for error in others if error.__subclasses__()] == []


def test_codes_are_unique():
    """A program that looks at the code knows which error it is."""
    assert len({error.code for error in ERRORS}) == len(ERRORS)


def test_names_are_unique():
    """Two errors of one name would be mixed up in talk and in imports."""
    assert len({error.__name__ for error in ERRORS}) == len(ERRORS)


@each_error
def test_an_error_has_a_code_of_its_own(error):
    """The code is in the class itself, in capitals."""
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", vars(error)["code"])


@each_error
def test_an_error_says_what_to_do(error):
    """There is advice, and it is a sentence or ends in a command."""
    assert error.advice.strip() == error.advice
    assert len(error.advice) > 20


@each_error
def test_an_error_has_a_documented_exit_code(error):
    """The exit code is that of its branch, so that a script can rely on the branch."""
    assert error.exit_code in EXIT_CODES
    assert {branch.exit_code for branch in BRANCHES if issubclass(error, branch)} <= {error.exit_code}


@each_error
def test_an_error_is_one_sentence(error):
    """The first line of the docstring is the message that people read."""
    message = error().message
    assert message == error.__doc__.strip().partition("\n")[0]
    assert re.fullmatch(r"[A-Z][^\n]*\.", message)
    assert str(error()) == message


@each_error
def test_an_error_survives_a_journey(error):
    """Taken apart and put together again, as between processes, it has its message and its values."""
    sent = error("Nothing went well.", skill_id="acme.echo")
    arrived = copy(sent)
    assert (type(arrived), arrived.message, arrived.details) == (
        error,
        "Nothing went well.",
        {"skill_id": "acme.echo"},
    )


def test_a_message_of_ones_own_replaces_the_default():
    """The concrete sentence is better than the general one."""
    error = errors.UnknownSkill("Skill acme.echo is not installed.", skill_id="acme.echo")
    assert (str(error), error.details) == ("Skill acme.echo is not installed.", {"skill_id": "acme.echo"})
