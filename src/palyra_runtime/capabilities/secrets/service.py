"""The operation ``secret.hmac``: a guest proves that it knows a secret, without knowing it."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import Any, Literal

from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.capabilities.request import Asked, understood
from palyra_runtime.capabilities.secrets.use import SecretUse
from palyra_runtime.sandbox.grants import Grant
from palyra_runtime.sandbox.session import HostCall


class _Hmac(Asked):
    data: str | None = None
    data_base64: str | None = None
    algorithm: Literal["sha256", "sha512"] = "sha256"


class SecretService:
    """Computes an HMAC (RFC 2104) under a granted secret, in hexadecimal."""

    def __init__(self, secrets: SecretUse) -> None:
        self._secrets = secrets

    def __call__(self, _call: HostCall, grant: Grant, request: Mapping[str, Any]) -> str:
        """Return the code.

        Raises:
            Refused: ``bad_request``, or ``unavailable`` where the secret is not set.
        """
        asked = understood(_Hmac, request)
        data = _data(asked)
        return hmac.new(self._secrets.reveal(grant.value).value, data, asked.algorithm).hexdigest()


def _data(asked: _Hmac) -> bytes:
    if (asked.data is None) == (asked.data_base64 is None):
        raise Refused("bad_request", "Give either 'data' or 'data_base64'.")
    if asked.data is not None:
        return asked.data.encode()
    try:
        return base64.b64decode(asked.data_base64 or "", validate=True)
    except ValueError as error:
        raise Refused("bad_request", "'data_base64' is not base64.") from error
