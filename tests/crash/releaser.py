"""A process that installs, updates, rolls back and removes releases until somebody kills it.

It is asked like `tests.crash.victim`, and speaks like it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import palyra_events.store.postgres  # noqa: F401 - a life imports nothing of its own
from palyra_events.errors import Conflict, NotAllowed, NotFound
from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.facade import ReleaseChange
from tests.crash.lives import make_lives
from tests.crash.victim import Telling, clock_of
from tests.dice import Dice
from tests.stage import compiled_modules

SKILLS = ("acme.one", "acme.two")


class Life:
    """Commands on releases in an order that a seed decides, over and over."""

    def __init__(self, palyra: Palyra, folder: Path, dice: Dice) -> None:
        self._skills = palyra.skills
        self._dice = dice
        self._artifacts = sorted(folder.glob("*.palyra-skill"))
        self._commands: tuple[Callable[[], object], ...] = (
            self._install,
            self._install,
            self._update,
            self._update,
            self._rollback,
            self._remove,
            self._enable,
        )

    def live(self) -> None:
        """Go on until killed."""
        while True:
            # That the state of things forbids a step is part of life.
            with suppress(Conflict, NotFound, NotAllowed):
                self._dice.pick(self._commands)()

    def _install(self) -> None:
        self._skills.install(self._dice.pick(self._artifacts), trust_on_first_use=True)

    def _update(self) -> None:
        path, rebind = self._dice.pick(self._artifacts), self._dice.fraction() < 0.5
        self._skills.update(path, rebind=rebind, consent=agree, reason="crash test")

    def _rollback(self) -> None:
        self._skills.rollback(self._dice.pick(SKILLS), consent=agree, reason="crash test")

    def _remove(self) -> None:
        version = self._dice.pick(("1.0.0", "1.1.0", "1.2.0", "1.3.0"))
        self._skills.remove(self._dice.pick(SKILLS), version, erase=self._dice.fraction() < 0.5)

    def _enable(self) -> None:
        self._skills.enable(self._dice.pick(SKILLS), consent=agree)


def agree(change: ReleaseChange) -> bool:
    """Agree to whatever changes."""
    return bool(change.version)


def live(url: str, folder: str, number: str, seed: str) -> None:
    """Open the database and live."""
    surroundings = Surroundings(now=clock_of(int(number)), entropy=clock.entropy, modules=compiled_modules())
    with Telling.open(url) as log, Palyra(log, "operator:crash", surroundings) as palyra:
        Life(palyra, Path(folder), Dice(seed)).live()


if __name__ == "__main__":
    make_lives(live)
