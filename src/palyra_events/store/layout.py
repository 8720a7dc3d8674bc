"""What a database consists of, compared with what it is meant to consist of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

#: the parts of a database, such as ``("trigger", "event_update")``, each with its definition
Layout: TypeAlias = Mapping[tuple[str, str], str]


def differences(found: Layout, meant: Layout) -> list[str]:
    """Return what is missing, other than it was made, or added to the tables of the log, in sentences."""
    missing = [f"The {kind} {name} is missing." for kind, name in sorted(meant.keys() - found.keys())]
    added = [f"The {kind} {name} was added." for kind, name in sorted(found.keys() - meant.keys())]
    changed = [
        f"The {kind} {name} is not as it was made."
        for kind, name in sorted(found.keys() & meant.keys())
        if found[kind, name] != meant[kind, name]
    ]
    return [*missing, *changed, *added]
