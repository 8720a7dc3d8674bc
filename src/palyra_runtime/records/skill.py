"""What changes with a release, as programs read it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from palyra_runtime.facade import PluginChange, ReleaseChange


@dataclass(frozen=True, slots=True)
class ReleaseChangeRecord:
    """What changes when a release is to run; ``findings`` are what somebody has to agree to."""

    skill_id: str
    version: str
    previous: str | None
    declares_more: tuple[str, ...]
    declares_less: tuple[str, ...]
    plugins: tuple[PluginChange, ...]
    findings: tuple[str, ...]

    @classmethod
    def of(cls, change: ReleaseChange) -> Self:
        """Return a change for programs."""
        return cls(**{each.name: getattr(change, each.name) for each in fields(cls)})
