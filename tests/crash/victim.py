"""A process that lives a busy life over a database until somebody kills it.

It makes lives as `tests.crash.lives` tells, each of URL, FOLDER, NUMBER and SEED. A life says
``ack POSITION STREAM VERSION TOPIC`` for each event that was acknowledged to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import palyra_events.store.postgres  # noqa: F401 - a life imports nothing of its own
from palyra_events.blob import Blob
from palyra_events.errors import Conflict, NotAllowed, NotFound, StaleVersion
from palyra_events.record import Entry, NewEvent
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.config import DispatchSettings
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.crash.lives import make_lives, tell
from tests.dice import Dice
from tests.stage import NOON, compiled_modules

#: seconds of a life's clock in a second of the world: retries come within milliseconds
PACE = 3600

#: fuel for longer than any deadline
POLICY = WasmPluginRunnerPolicy(fuel_budget=2**40)

#: the next life does not wait long for the leases of one that was killed
DISPATCH = DispatchSettings(workers=1, lease_ms=500)

EVENTS = ("gateway:startup", "skill:enabled", "skill:disabled", "skill:quarantined")
SKILLS = ("acme.good", "acme.patient", "acme.hopeless", "acme.spin")


class Telling(EventLog):
    """A log that tells the parent of each append, once it is acknowledged."""

    def append(
        self,
        events: Sequence[NewEvent],
        *,
        blobs: Sequence[Blob] = (),
        drops: Sequence[bytes] = (),
        tracking: tuple[str, int] | None = None,
    ) -> Sequence[int]:
        """Append, then tell."""
        positions = super().append(events, blobs=blobs, drops=drops, tracking=tracking)
        tell_of(positions, events)
        return positions

    def append_each(self, entries: Sequence[Entry]) -> Sequence[Sequence[int] | StaleVersion]:
        """Append each, then tell of those that were not refused."""
        answers = super().append_each(entries)
        for entry, answer in zip(entries, answers, strict=True):
            if not isinstance(answer, StaleVersion):
                tell_of(answer, entry.events)
        return answers


def tell_of(positions: Sequence[int], events: Sequence[NewEvent]) -> None:
    """Tell of events that were acknowledged."""
    for position, event in zip(positions, events, strict=True):
        tell(f"ack {position} {event.stream_id} {event.version} {event.topic}")


class Life:
    """Commands in an order that a seed decides, over and over."""

    def __init__(self, palyra: Palyra, folder: Path, dice: Dice) -> None:
        self._palyra = palyra
        self._dice = dice
        self._artifacts = sorted(folder.glob("*.palyra-skill"))
        self._commands: tuple[Callable[[], object], ...] = (
            self._install,
            self._bind_plugin,
            self._bind_hook,
            self._switch_hook,
            *[self._change_skill] * 4,
            palyra.gateway.run_once,
            *[palyra.dispatch.drain] * 4,
        )

    def live(self) -> None:
        """Go on until killed."""
        while True:
            # That the state of things forbids a step is part of life.
            with suppress(Conflict, NotFound, NotAllowed):
                self._dice.pick(self._commands)()

    def _install(self) -> None:
        self._palyra.skills.install(self._dice.pick(self._artifacts), trust_on_first_use=True)

    def _bind_plugin(self) -> None:
        self._palyra.plugins.bind(self._dice.pick(SKILLS), skill=self._dice.pick(SKILLS))

    def _bind_hook(self) -> None:
        number, attempts = int(self._dice.fraction() * 6), 1 + int(self._dice.fraction() * 5)
        self._palyra.hooks.bind(
            f"hook{number}",
            event=self._dice.pick(EVENTS),
            plugin=self._dice.pick(SKILLS),
            attempts_max=attempts,
        )

    def _switch_hook(self) -> None:
        hook = f"hook{int(self._dice.fraction() * 6)}"
        self._dice.pick((self._palyra.hooks.enable, self._palyra.hooks.disable))(hook)

    def _change_skill(self) -> None:
        skills = self._palyra.skills
        change = self._dice.pick((skills.enable, skills.enable, skills.disable, skills.quarantine))
        change(self._dice.pick(SKILLS), reason="crash test")


def clock_of(number: int) -> Callable[[], datetime]:
    """Return the clock of a life: hours after the one before, and fast."""
    start = monotonic()
    return lambda: NOON + timedelta(hours=2 * number, seconds=(monotonic() - start) * PACE)


def live(url: str, folder: str, number: str, seed: str) -> None:
    """Open the database and live."""
    surroundings = Surroundings(
        now=clock_of(int(number)),
        entropy=clock.entropy,
        policy=POLICY,
        modules=compiled_modules(),
        dispatch=DISPATCH,
    )
    with Telling.open(url) as log, Palyra(log, "operator:crash", surroundings) as palyra:
        Life(palyra, Path(folder), Dice(seed)).live()


if __name__ == "__main__":
    make_lives(live)
