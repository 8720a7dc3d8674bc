"""Bytes that must not be shown by accident."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Concealed:
    """Bytes with a secret in them; printing them, or a traceback with its variables, shows none.

    Ask for ``value`` where the bytes leave the process, and keep no other name for them.
    """

    value: bytes = field(repr=False)
