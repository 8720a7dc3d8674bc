"""Names that a package offers and does not import before somebody asks for them.

A program that only catches an error, and the worker that starts for each guest, should not wait
for two dozen event models to be built: that takes ten times as long as the rest of the import.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from importlib import import_module


def on_demand(package: str, names: Collection[str], modules: Sequence[str]) -> Callable[[str], object]:
    """Return a ``__getattr__`` (PEP 562) for ``package`` that finds ``names`` in its ``modules``.

    The modules are searched in the given order, so the cheapest one comes first. A name is looked
    up once and is an ordinary attribute of the package from then on.
    """

    def find(name: str) -> object:
        if name in names:
            for module in modules:
                home = import_module(f"{package}.{module}")
                if hasattr(home, name):
                    setattr(sys.modules[package], name, getattr(home, name))
                    return getattr(home, name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find
