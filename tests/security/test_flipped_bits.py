"""Every byte of every column of a log is changed, one at a time; each change is found, at its position."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.ledger.damage import Suspects, judge
from palyra_events.ledger.leaf import RawRow
from palyra_events.store import EventLog
from palyra_runtime.ledger.span import check_row
from tests.scale import scaled
from tests.tampering import all_rows, keeper_of, mixed_events, tamper, verify

EVENTS = 200
#: flips of which the whole database is verified
WHOLE = scaled(40, 5_000)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[RawRow]:
    """The rows of 200 mixed events, as they are in a database."""
    with EventLog.open(f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.db'}") as log:
        log.append(mixed_events(EVENTS))
        return all_rows(log)


def flipped(row: RawRow) -> Iterator[RawRow]:
    """Yield a row with one bit changed in each byte of each column, another bit from byte to byte."""
    for name, value in row._asdict().items():
        content = value if isinstance(value, bytes) else value.to_bytes(8, "big", signed=True)
        for index in range(len(content)):
            changed = bytearray(content)
            changed[index] ^= 1 << (index + row.position) % 8
            number = int.from_bytes(changed, "big", signed=True)
            yield row._replace(**{name: bytes(changed) if isinstance(value, bytes) else number})


def is_refused(changed: RawRow, row: RawRow, rows: list[RawRow]) -> bool:
    """Return whether no database takes a row: its position or its place in its stream is taken."""
    if changed[:3] == row[:3]:
        return False
    others = [each for each in rows if each.position != row.position]
    return any(each.position == changed.position or each[1:3] == changed[1:3] for each in others)


def first_bad(row: RawRow, changed: RawRow) -> int | None:
    """Return where damage is found first, as the verifier judges what a flip has left."""
    suspects = Suspects()
    if check_row(changed) is not None:
        suspects.add_row(changed)
    if changed.position != row.position:
        suspects.add_gap(row.position, row.position)
    return min((finding.position or 0 for finding in judge(suspects)), default=None)


def test_every_flipped_byte_is_found(rows: list[RawRow]):
    """No byte of any column of 200 events can change unnoticed, and the place is named."""
    flips = [(row, changed) for row in rows for changed in flipped(row)]
    missed = [
        (row.position, changed)
        for row, changed in flips
        if first_bad(row, changed) != min(row.position, changed.position)
    ]
    assert (missed[:3], len(flips) >= 58_000) == ([], True)


def test_flips_in_a_database_are_found(tmp_path: Path, rows: list[RawRow]):
    """A whole verification finds a flip in a database, wherever it is, and names the first bad position."""
    flips = [(row, changed) for row in rows for changed in flipped(row) if not is_refused(changed, row, rows)]
    with EventLog.open(f"sqlite:///{tmp_path / 'log.db'}") as log:
        log.append(mixed_events(EVENTS))
        keeper = keeper_of(log, tmp_path)
        keeper.checkpoint()
        for row, changed in flips[:: max(len(flips) // WHOLE, 1)]:
            others = [each for each in rows if each.position != row.position]
            tamper(log, lambda _, others=others, changed=changed: [*others, changed])
            report = verify(keeper, log)
            assert report.first_bad_position == min(row.position, changed.position), changed
