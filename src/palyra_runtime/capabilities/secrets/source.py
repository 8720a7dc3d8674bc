"""Where secrets come from, and what their names and values look like."""

from __future__ import annotations

import re
from typing import Protocol

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.secrets.errors import InvalidSecret

#: bytes; a shorter value occurs by chance, and masking it would show where
VALUE_BYTES_MIN = 8
VALUE_BYTES_MAX = 64 * 1024

_NAME = re.compile(r"[a-z0-9._/-]{1,128}", re.ASCII)


class SecretSource(Protocol):
    """Whoever keeps secrets by their names."""

    def read(self, name: str) -> Concealed | None:
        """Return the secret of this name, or None where there is none.

        Raises:
            PalyraError: this source cannot be asked at the moment.
        """


class SecretChain:
    """Several sources: the first one that has a secret gives it."""

    def __init__(self, *sources: SecretSource) -> None:
        self._sources = sources

    def read(self, name: str) -> Concealed | None:
        """Return the secret of this name from the first source that has it."""
        return next((found for source in self._sources if (found := source.read(name))), None)


def check_name(name: str) -> str:
    """Return ``name`` if it can name a secret.

    Raises:
        InvalidSecret: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise InvalidSecret(f"{name[:160]!r} cannot name a secret.", name=name)
    return name


def check_value(name: str, value: bytes) -> Concealed:
    """Return ``value`` if it can be a secret.

    Raises:
        InvalidSecret: it is too short to be masked, or too large.
    """
    if not VALUE_BYTES_MIN <= len(value) <= VALUE_BYTES_MAX:
        raise InvalidSecret(
            f"The secret {name} has {len(value)} bytes; {VALUE_BYTES_MIN} to {VALUE_BYTES_MAX} are allowed.",
            name=name,
        )
    return Concealed(value)
