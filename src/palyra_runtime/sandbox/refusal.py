"""Why nothing was run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was run: an outcome and a sentence for people."""

    outcome: str
    message: str
