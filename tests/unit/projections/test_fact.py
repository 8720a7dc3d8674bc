from __future__ import annotations

from collections.abc import Sequence

import pytest

from palyra_events.blob import Blob, seal
from palyra_events.errors import LogDamaged
from palyra_events.hook import HookDisabled, HookEnabled
from palyra_events.registry import REGISTRY
from projections.decoder import Decoder
from projections.fact import FactReader, ScannedRow
from tests.journal import Journal
from tests.memory_log import MemoryLog


@pytest.fixture
def memory() -> MemoryLog:
    """A log that holds four events."""
    log = MemoryLog()
    journal = Journal(log)
    for number in range(4):
        journal.add(HookEnabled if number % 2 else HookDisabled, hook_id="greet")
    return log


class CountingLog(MemoryLog):
    """A log that counts how often it is read."""

    reads = 0

    def scan(self, after: int, limit: int) -> Sequence[ScannedRow]:
        self.reads += 1
        return super().scan(after, limit)


class HoledLog(MemoryLog):
    """A log that lost its second event."""

    def scan(self, after: int, limit: int) -> Sequence[ScannedRow]:
        return [row for row in super().scan(after, limit) if row[0] != 2]


def test_facts_follow_a_position(memory: MemoryLog):
    """A page begins right after the position and is no longer than asked."""
    facts = FactReader(memory, Decoder(REGISTRY)).after(1, 2)

    assert [(fact.position, fact.kind) for fact in facts] == [(2, HookEnabled), (3, HookDisabled)]


def test_a_page_that_ended_early_is_not_read_again():
    """The rest of what was read serves the next page, with what was decoded of it."""
    log = CountingLog()
    journal = Journal(log)
    journal.add_all([(HookDisabled, {"hook_id": name}) for name in "abcd"])
    reader = FactReader(log, Decoder(REGISTRY))
    first = reader.after(0, 4)

    rest = reader.after(2, 4)

    assert [fact.position for fact in rest] == [3, 4]
    assert rest[0] is first[2]
    assert log.reads == 1


@pytest.mark.parametrize("after", [0, 1])
def test_a_hole_is_an_alarm(after: int):
    """A missing position is named, wherever in the page it is."""
    log = HoledLog()
    Journal(log).add_all([(HookDisabled, {"hook_id": name}) for name in "abc"])

    with pytest.raises(LogDamaged, match="Position 2 is missing"):
        FactReader(log, Decoder(REGISTRY)).after(after, 10)


def test_an_end_that_is_gone_is_an_alarm(memory: MemoryLog):
    """Events that the head promised and that do not come are missing."""
    with pytest.raises(LogDamaged, match="Position 5 is missing"):
        FactReader(memory, Decoder(REGISTRY)).after(4, 1)


def test_a_sealed_text_is_opened_while_it_is_kept(memory: MemoryLog):
    """The text behind a reference is read beside the log; an erased one is absent."""
    kept, blob = seal("reviewed", bytes(32))
    erased, _ = seal("private", bytes(32))
    memory.append([], blobs=[blob])
    fact = FactReader(memory, Decoder(REGISTRY)).after(0, 1)[0]

    assert (fact.open(kept), fact.open(erased)) == ("reviewed", None)


def test_a_changed_text_is_damage(memory: MemoryLog):
    """A text that is not the recorded one is never shown as if it were."""
    sealed, blob = seal("reviewed", bytes(32))
    memory.append([], blobs=[Blob(blob.digest, blob.content + b"!")])
    fact = FactReader(memory, Decoder(REGISTRY)).after(0, 1)[0]

    with pytest.raises(LogDamaged):
        fact.open(sealed)
