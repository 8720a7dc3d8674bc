"""Events that nobody wrote so: a replay finds them, or says what is wrong with the log, and never breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from palyra_events.errors import LogDamaged
from palyra_runtime.replay import NothingToTry
from tests.dice import Dice
from tests.rewriting import plant
from tests.scale import scaled
from tests.stage import OPEN_POLICY, PLUGIN, Stage, asking
from tests.tampering import Rows, all_rows, hashed, tamper

FORGERIES = scaled(40, 2_000)

#: what somebody may write in the place of a value
VALUES: list[Any] = [
    None,
    -1,
    0,
    1,
    2**63,
    "",
    "x",
    "0" * 64,
    "é" * 300,
    [],
    {},
    True,
    1.5,
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00",
    {"surface": "no name at all", "form": "document", "content": {"sha256": "0" * 64, "size": 1}},
]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Stage]:
    """A stage with a delivery, a tool run and a decision, each with calls to the host."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as stage:
        stage.ready_with_effects(
            asking(
                {"op": "clock.now"},
                {"op": "storage.put", "handle": 30000, "key": "a", "value": 1},
                {"op": "channel.send", "handle": 40000, "message": "hi"},
            )
        )
        stage.palyra.hooks.bind("guard", event="run:before_tool", plugin=PLUGIN)
        stage.scheduled()
        stage.palyra.dispatch.drain()
        stage.palyra.plugins.run(PLUGIN, input={})
        stage.palyra.decide("before_tool", {"tool": "shell"})
        yield stage


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the ways to all values in a JSON document."""
    places = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in places:
        yield (*path, key)
        yield from leaves(member, (*path, key))


def forged(rows: Rows, dice: Dice) -> tuple[Rows, str]:
    """Return the rows with one value of one of the newest events changed, and which."""
    row = dice.pick(rows[-6:])
    facts = json.loads(row.state)
    path = dice.pick(list(leaves(facts)))
    holder = facts
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = dice.pick(VALUES)
    state = json.dumps(facts).encode()
    changed = [row._replace(state=state) if each.position == row.position else each for each in rows]
    return hashed(changed), f"{row.topic.decode()}: {path} = {holder[path[-1]]!r}"


@pytest.mark.slow
def test_a_forged_event_breaks_nothing(told: Stage):
    """Whatever is written in it, the replay ends with a report, or with what is wrong with the log."""
    honest, dice = all_rows(told.log), Dice("forged runs")
    module = asking({"op": "clock.now"})
    for number in range(FORGERIES):
        rows, what = forged(honest, dice)
        tamper(told.log, lambda _, rows=rows: rows)
        try:
            with suppress(LogDamaged):
                told.palyra.replay.run()
            with suppress(LogDamaged, NothingToTry):
                told.palyra.replay.try_module(module, plugin=PLUGIN)
        except Exception as error:
            raise AssertionError(f"forgery {number}: {what}") from error


@pytest.mark.parametrize(
    "calls",
    [
        b"[]",
        b'[{"request":"no json","answer":"{\\"ok\\":true}"}]',
        b'[{"request":"[]","answer":"{\\"ok\\":true}"}]',
        b'[{"request":"{\\"op\\":\\"storage.put\\",\\"handle\\":30000}","answer":"{\\"ok\\":true}"}]',
        b"no json",
        b"[" * 10_000,
    ],
)
def test_a_forged_transcript_is_found(told: Stage, calls):
    """It is not that of the guest, or none at all."""
    reference = plant(told.log, calls)

    def attack(rows: Rows) -> Rows:
        return hashed([row._replace(state=_with_transcript(row.state, reference)) for row in rows])

    tamper(told.log, attack)
    report = told.palyra.replay.run()
    told.palyra.replay.try_module(asking({"op": "clock.now"}), plugin=PLUGIN)

    assert report.findings_count == 3


def _with_transcript(state: bytes, reference: dict[str, Any]) -> bytes:
    facts = json.loads(state)
    for holder in (facts, *facts.get("candidates", ())):
        if "transcript" in holder.get("invocation", {}):
            holder["invocation"]["transcript"] = reference
    return json.dumps(facts).encode()
