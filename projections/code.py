"""What the code of a view is: a digest that changes with everything that makes its rows."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType

#: the package whose modules make rows; a user's view has its own module besides
_PACKAGE = __name__.partition(".")[0]


def code_hash(projection: type) -> str:
    """Return the SHA-256 of the source of a view's module and of all that it folds through.

    These are the modules of this package that it uses, and those that they use. Names are in it as well,
    so that a module that moves is a change.
    """
    return _hash_of(projection.__module__)


@cache
def _hash_of(name: str) -> str:
    digest, own = hashlib.sha256(), sys.modules[name]
    for module in sorted({own, *_used_by(own, set())}, key=lambda module: module.__name__):
        digest.update(f"{module.__name__}\n{_source(module)}\n".encode())
    return digest.hexdigest()


def _used_by(module: ModuleType, seen: set[ModuleType]) -> Iterator[ModuleType]:
    """Yield the modules of this package that hold what a module names, and so on."""
    for value in list(vars(module).values()):
        origin = value if isinstance(value, ModuleType) else sys.modules.get(_home(value))
        if origin is None or origin in seen or not origin.__name__.startswith(f"{_PACKAGE}."):
            continue
        seen.add(origin)
        yield origin
        yield from _used_by(origin, seen)


def _home(value: object) -> str:
    home = getattr(value, "__module__", None)
    return home if isinstance(home, str) else ""


def _source(module: ModuleType) -> str:
    """Return a module's text; where only bytecode was installed, its file's name has to do."""
    try:
        return inspect.getsource(module)
    except OSError:
        return str(module.__file__)
