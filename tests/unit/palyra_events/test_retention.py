from __future__ import annotations

from datetime import timedelta

import pytest

from palyra_events.blob import BlobRef
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import Effects, StorageWrite
from palyra_events.event import Event, Stamp
from palyra_events.holding import BlobKind
from palyra_events.retention import DROPPABLE, Inventory, KeepRule
from tests.sample_events import BARE_INVOCATION, MOMENT

DAY = timedelta(days=1)


def ref(number: int) -> BlobRef:
    """Return the reference to some bytes."""
    return BlobRef(sha256=f"{number:064x}", size=10)


def attempt(day: int, told: BlobRef, said: BlobRef | None = None, stored: BlobRef | None = None):
    """Return the outcome of an attempt on a day."""
    stamp = Stamp(MOMENT + day * DAY, "system:worker", "c0ffee")
    run = BARE_INVOCATION.model_copy(update={"input": told, "output": said})
    writes = () if stored is None else (StorageWrite(prefix="notes", key="last", value=stored),)
    facts = {"delivery_id": "41:greet", "attempt": 1, "invocation": run}
    return stamp.on(AttemptSucceeded, **facts, effects=Effects(storage=writes))


def inventory(*events: Event, missing: tuple[BlobRef, ...] = ()) -> Inventory:
    """Return the inventory of a log with these events, all of whose bytes are kept but for some."""
    gone = {each.digest for each in missing}
    made = Inventory({ref(n).digest: 10 for n in range(100) if ref(n).digest not in gone})
    for position, event in enumerate(events, 1):
        made.take(position, event)
    return made


def dropped(made: Inventory, day: int = 10, **rules: KeepRule) -> list[int]:
    """Return the numbers of the bytes that go by these rules on a day."""
    plan = made.plan({BlobKind(kind): rule for kind, rule in rules.items()}, MOMENT + day * DAY)
    return sorted(int.from_bytes(digest) for digest in plan.digests)


def test_what_is_too_old_goes():
    """The day counts on which bytes were named last; younger ones and other kinds stay."""
    made = inventory(attempt(0, ref(1), ref(11)), attempt(5, ref(2), ref(12)))
    assert dropped(made, input=KeepRule(keep_days=5)) == [1]


def test_what_is_named_again_is_young_again():
    """The same answer given twice is as old as the second time."""
    made = inventory(attempt(0, ref(1), ref(11)), attempt(9, ref(2), ref(11)))
    assert dropped(made, output=KeepRule(keep_days=5)) == []


def test_what_is_too_much_goes_the_oldest_first():
    """The newest bytes up to the limit stay, and nothing that is older than what had no room."""
    made = inventory(*(attempt(day, ref(day + 1)) for day in range(4)))
    assert dropped(made, input=KeepRule(keep_bytes=25)) == [1, 2]
    assert dropped(made, input=KeepRule(keep_bytes=0)) == [1, 2, 3, 4]


def test_both_limits_count():
    """What either of them drops is dropped."""
    made = inventory(*(attempt(day, ref(day + 1)) for day in range(4)))
    assert dropped(made, input=KeepRule(keep_days=9, keep_bytes=35)) == [1]
    assert dropped(made, input=KeepRule(keep_days=8, keep_bytes=35)) == [1, 2]


def test_what_stands_is_never_dropped():
    """Of the values that a plugin stored, those go that it has overwritten."""
    made = inventory(attempt(0, ref(1), stored=ref(21)), attempt(1, ref(2), stored=ref(22)))
    assert dropped(made, stored=KeepRule(keep_bytes=0)) == [21]


def test_bytes_that_are_two_things_are_never_dropped():
    """An answer that was stored as well stays, although the value was overwritten."""
    made = inventory(attempt(0, ref(1), ref(11), stored=ref(11)), attempt(1, ref(2), stored=ref(22)))
    everything = {kind.value: KeepRule(keep_bytes=0) for kind in DROPPABLE}
    assert dropped(made, **everything) == [1, 2]


@pytest.mark.parametrize("kind", set(BlobKind) - set(DROPPABLE))
def test_some_kinds_have_no_policy(kind):
    """Whatever a rule says: reasons, forms, pages, artifacts, settings and reports stay."""
    made = inventory(attempt(0, ref(1), ref(11), stored=ref(21)))
    assert dropped(made, **{kind.value: KeepRule(keep_bytes=0)}) == []


def test_without_a_rule_everything_stays():
    """An empty policy keeps all, and so does an empty rule."""
    made = inventory(attempt(0, ref(1), ref(11)))
    assert dropped(made, day=9_999) == []
    assert dropped(made, day=9_999, input=KeepRule()) == []


def test_the_plan_counts():
    """It tells how much of each kind is kept, and how much of that goes."""
    made = inventory(attempt(0, ref(1), ref(11)), attempt(5, ref(2), ref(12)), missing=(ref(12),))
    plan = made.plan({BlobKind.INPUT: KeepRule(keep_days=7)}, MOMENT + 10 * DAY)
    told = {use.kind.value: use[1:] for use in plan.kinds if use.blobs}
    assert told == {"input": (2, 20, 1, 10), "output": (1, 10, 0, 0)}
    assert (plan.head, plan.dropped_bytes) == (2, 10)
