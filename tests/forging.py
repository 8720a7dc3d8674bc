"""What somebody does to a log who knows our rules and rewrites it, hashes and all, so that it tells a lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from palyra_events.event import Event
from tests.tampering import Attack, Rows, hashed, numbered

#: changes the facts of an event
Edit: TypeAlias = Callable[[dict[str, Any]], object]


def place_of(rows: Rows, kind: type[Event], number: int) -> int:
    """Return where the event of a type is that is so manieth of the log, the newest of which is -1."""
    return [n for n, row in enumerate(rows) if row.topic.startswith(kind.__name__.encode())][number]


def edited(kind: type[Event], edit: Edit, number: int = -1) -> Attack:
    """Return the attack that changes the facts of an event."""

    def attack(rows: Rows) -> Rows:
        place = place_of(rows, kind, number)
        facts = json.loads(rows[place].state)
        edit(facts)
        rows[place] = rows[place]._replace(state=json.dumps(facts).encode())
        return hashed(rows)

    return attack


def without(kind: type[Event], number: int = -1) -> Attack:
    """Return the attack that takes an event out, and renumbers all that comes after it."""

    def attack(rows: Rows) -> Rows:
        gone = rows.pop(place_of(rows, kind, number))
        later = [
            row._replace(version=row.version - (row.stream_id == gone.stream_id))
            if row.position > gone.position
            else row
            for row in rows
        ]
        return hashed(numbered(later))

    return attack


def twice(kind: type[Event], number: int = -1) -> Attack:
    """Return the attack that records an event once more, at the end."""

    def attack(rows: Rows) -> Rows:
        row = rows[place_of(rows, kind, number)]
        version = max(each.version for each in rows if each.stream_id == row.stream_id)
        return hashed([*rows, row._replace(position=len(rows) + 1, version=version + 1)])

    return attack
