"""What can be wrong with a log, in words that tell what somebody has done to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from palyra_events.ledger.leaf import RawRow

#: rows that are kept in memory to find out what was done to them; each has at most 64 KiB
SUSPECTS_MAX = 200


class Damage(StrEnum):
    """A kind of damage."""

    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    RENUMBERED = "renumbered"
    #: the end of the log is missing, and the database remembers that it was there
    TRUNCATED = "truncated"
    #: the whole database is an older one
    ROLLED_BACK = "rolled_back"
    #: rows with hashes that fit them are not the rows that were signed
    REWRITTEN = "rewritten"
    FOREIGN_CHECKPOINT = "foreign_checkpoint"
    FALSE_CHECKPOINT = "false_checkpoint"
    REVOKED_KEY = "revoked_key"
    UNDECODABLE = "undecodable"
    STREAM_BROKEN = "stream_broken"
    BLOB_CHANGED = "blob_changed"
    VIEW_DIFFERS = "view_differs"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: from ``position`` to ``last_position``, where it has a place."""

    damage: Damage
    message: str
    position: int | None = None
    last_position: int | None = None


@dataclass(slots=True)
class Suspects:
    """Rows that are not what their leaf hashes say, and positions that have no row.

    They are collected first, because one act can leave several traces: two swapped rows are two
    rows that are wrong, and each has the hash of the other.
    """

    rows: list[RawRow] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    more: int = 0

    def add_row(self, row: RawRow) -> None:
        """Take in a row that is wrong; beyond some they are counted alone."""
        if len(self.rows) < SUSPECTS_MAX:
            self.rows.append(row)
        else:
            self.more += 1

    def add_gap(self, first: int, last: int) -> None:
        """Take in positions that have no row, as one gap with those right before them."""
        if self.gaps and self.gaps[-1][1] == first - 1:
            self.gaps[-1] = (self.gaps[-1][0], last)
        elif len(self.gaps) < SUSPECTS_MAX:
            self.gaps.append((first, last))
        else:
            self.more += 1

    def merge(self, others: Suspects) -> None:
        """Take in what was found elsewhere."""
        for row in others.rows:
            self.add_row(row)
        for gap in others.gaps:
            self.add_gap(*gap)
        self.more += others.more


def judge(suspects: Suspects) -> list[Finding]:
    """Return what was done to the rows, by position."""
    rows = {row.position: row for row in suspects.rows}
    places = _places(rows.values(), suspects.gaps)
    origins = {row.position: _origin(row, places) for row in rows.values()}
    findings = _shifts(origins) or [_judge_row(row, rows, origins) for row in rows.values()]
    findings += [_gap(first, last) for first, last in suspects.gaps if not _explained(first, last, origins)]
    return sorted(set(findings), key=lambda finding: finding.position or 0)


def _places(rows: Iterable[RawRow], gaps: Sequence[tuple[int, int]]) -> set[int]:
    """Return the positions that a row can have come from."""
    near = {row.position + step for row in rows for step in (-1, 0, 1)}
    missing = {place for first, last in gaps for place in range(first, min(last, first + SUSPECTS_MAX) + 1)}
    return near | missing


def _origin(row: RawRow, places: set[int]) -> int | None:
    """Return the position that the leaf hash of a row was made for; None where the row itself was changed."""
    return next((place for place in sorted(places) if row.hash_at(place) == row.leaf), None)


def _shifts(origins: dict[int, int | None]) -> list[Finding]:
    """Return what happened where all rows from some place on moved by one.

    A row that was put in shows as well where its own hash is right: those behind it have moved.
    """
    ordered = sorted(origins)
    moved = [place for place in ordered if origins[place] is not None]
    steps = {(origins[place] or 0) - place for place in moved}
    in_a_row = bool(moved) and moved[-1] - moved[0] + 1 == len(moved) and len(moved) > 1
    if not in_a_row or steps not in ({1}, {-1}) or not set(ordered) <= {*moved, moved[0] - 1}:
        return []
    if steps == {1}:
        text = f"The event at position {moved[0]} was removed, and those behind it moved up."
        return [Finding(Damage.DELETED, text, moved[0])]
    text = f"A row was put in at position {moved[0] - 1}, and those behind it moved back."
    return [Finding(Damage.INSERTED, text, moved[0] - 1)]


def _judge_row(row: RawRow, rows: dict[int, RawRow], origins: dict[int, int | None]) -> Finding:
    place, origin = row.position, origins[row.position]
    if place < 1 and origin in {None, place}:
        return Finding(Damage.INSERTED, f"There is a row at position {place}, before the first event.", place)
    if other := _exchanged(row, rows, origins):
        first, second = sorted((place, other))
        return Finding(Damage.SWAPPED, f"The events at positions {first} and {second} were exchanged.", first)
    if origin is not None:
        text = f"The event of position {origin} has the position {place}."
        return Finding(Damage.RENUMBERED, text, min(origin, place))
    return Finding(Damage.CHANGED, f"The event at position {place} was changed.", place)


def _exchanged(row: RawRow, rows: dict[int, RawRow], origins: dict[int, int | None]) -> int | None:
    """Return the place that a row was exchanged with, with its leaf hash or without."""
    origin = origins[row.position]
    if origin is not None:
        return origin if origin in rows and origins[origin] == row.position else None
    return next(
        (
            place
            for place, other in rows.items()
            if place != row.position
            and row.hash_at(place) == other.leaf
            and other.hash_at(row.position) == row.leaf
        ),
        None,
    )


def _explained(first: int, last: int, origins: dict[int, int | None]) -> bool:
    """Say whether a gap is there because a row was given another number, and nothing is missing."""
    behind = origins.get(last + 1)
    return (behind is not None and behind < first) or (first == last and first in origins.values())


def _gap(first: int, last: int) -> Finding:
    if first == last:
        return Finding(Damage.DELETED, f"The event at position {first} is missing.", first)
    return Finding(Damage.DELETED, f"The events at positions {first} to {last} are missing.", first, last)
