"""Secrets in environment variables, as containers and service managers pass them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.secrets.source import check_name, check_value

PREFIX = "PALYRA_SECRET_"

_PUNCTUATION = re.compile(r"[^a-z0-9]")


def variable(name: str) -> str:
    """Return the variable of the secret ``name``: ``api.key`` is in ``PALYRA_SECRET_API_KEY``.

    Names that differ only in punctuation share a variable.

    Raises:
        InvalidSecret: that is no name of a secret.
    """
    return PREFIX + _PUNCTUATION.sub("_", check_name(name)).upper()


class EnvironmentSecrets:
    """Reads a variable when its secret is used, and keeps no copy."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def __repr__(self) -> str:
        return "EnvironmentSecrets()"

    def read(self, name: str) -> Concealed | None:
        """Return the secret of this name; an empty variable is none.

        Raises:
            InvalidSecret: the value is too short or too long for a secret.
        """
        text = self._environment.get(variable(name))
        return check_value(name, os.fsencode(text)) if text else None
