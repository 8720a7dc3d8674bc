"""The phases of an agent's run, at which hooks are asked and answer at once."""

from __future__ import annotations

from enum import StrEnum

from palyra_events.lifecycle import HookEventKind

_PREFIX = "run:"


class RunPhase(StrEnum):
    """A point in a run at which an agent asks before it goes on."""

    BEFORE_RUN = "before_run"
    BEFORE_TOOL = "before_tool"
    AFTER_TOOL = "after_tool"
    BEFORE_DELIVERY = "before_delivery"
    AFTER_RUN = "after_run"

    @property
    def event_kind(self) -> HookEventKind:
        """What hooks are bound to, such as ``run:before_tool``."""
        return HookEventKind(f"{_PREFIX}{self.value}")


_PHASE_BY_NAME = {phase.value: phase for phase in RunPhase}


def parse_phase(text: str) -> RunPhase | None:
    """Return the phase that ``text`` names, with or without ``run:``; None where there is none.

    Blanks around it and capitals do not matter. The letters are checked before they are lowered, because
    the Kelvin sign lowers to a plain ``k``.
    """
    name = text.strip()
    return _PHASE_BY_NAME.get(name.lower().removeprefix(_PREFIX)) if name.isascii() else None
