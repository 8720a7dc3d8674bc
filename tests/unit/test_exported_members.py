from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

ROOTS = ["palyra_events", "palyra_runtime", "projections"]


def packages():
    """Return the names of the three packages and of all packages inside them."""
    found = [*ROOTS]
    for root in map(import_module, ROOTS):
        found += [module.name for module in walk_packages(root.__path__, f"{root.__name__}.") if module.ispkg]
    return found


def source(package):
    """Return the statements of a package's ``__init__`` after its docstring."""
    tree = ast.parse(Path(import_module(package).__file__).read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{package} does not say what it is"
    return tree.body[1:]


def imports(statements):
    """Return the imports among the statements, those for the type checker included."""
    for statement in statements:
        if isinstance(statement, ast.ImportFrom):
            yield statement
        elif is_for_types(statement):
            yield from imports(statement.body)


def is_for_types(statement):
    """Tell whether this is ``if TYPE_CHECKING:``."""
    return (
        isinstance(statement, ast.If)
        and ast.unparse(statement.test) == "TYPE_CHECKING"
        and not statement.orelse
    )


def is_allowed(statement):
    """Tell whether a statement re-exports and does nothing else."""
    return (
        isinstance(statement, ast.ImportFrom)
        or (is_for_types(statement) and all(map(is_allowed, statement.body)))
        or ast.unparse(statement).startswith(("__all__ = ", "__getattr__ = on_demand(__name__, __all__, "))
    )


def place(name):
    """Return the sort key of a name: constants, then classes, then the rest, numbers as numbers."""
    rank = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return rank, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


each_package = pytest.mark.parametrize("package", packages())


@each_package
def test_a_package_defines_nothing(package):
    """What a package offers is defined in a module with a name, and only listed here."""
    assert [ast.unparse(statement) for statement in source(package) if not is_allowed(statement)] == []


@each_package
def test_the_list_of_names_is_sorted_and_without_repeats(package):
    """Names are found at a glance, and a change to the list is one line."""
    names = getattr(import_module(package), "__all__", [])
    assert list(names) == sorted(set(names), key=place)


@each_package
def test_every_name_that_is_offered_is_there(package):
    """No name in the list is a promise that is not kept."""
    module = import_module(package)
    assert [name for name in getattr(module, "__all__", []) if not hasattr(module, name)] == []


@each_package
def test_what_is_imported_is_offered(package):
    """A package imports a name to offer it, from its own modules or from a layer below."""
    exempt = {"__future__", "typing", "palyra_events.exports"}
    imported = {
        alias.asname or alias.name
        for statement in imports(source(package))
        if statement.module not in exempt
        for alias in statement.names
    }
    assert imported == set(getattr(import_module(package), "__all__", []))
