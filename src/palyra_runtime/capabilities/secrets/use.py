"""The secrets that one invocation was granted, and uses."""

from __future__ import annotations

import logging

from palyra_events.errors import PalyraError
from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.masking import Mask
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.capabilities.secrets.source import SecretSource
from palyra_runtime.sandbox.grants import CapabilityGrantSet

_log = logging.getLogger(__name__)


class SecretUse:
    """Hands values to the host's own services. Each is masked from the moment it is handed out."""

    def __init__(self, source: SecretSource, mask: Mask) -> None:
        self._source = source
        self._mask = mask

    @staticmethod
    def name(grants: CapabilityGrantSet, handle: int) -> str:
        """Return the name of the secret behind a guest's handle.

        Raises:
            Refused: ``denied``: the handle is not one of the invocation's secrets.
        """
        grant = grants.resolve(handle)
        if grant is None or grant.capability != "secret":
            raise Refused("denied", "The handle is not a secret handle of this invocation.")
        return grant.value

    def reveal(self, name: str) -> Concealed:
        """Return the value of a secret that was granted.

        Raises:
            Refused: ``unavailable``: no source has it. The operator's log says why; a guest need not know.
        """
        try:
            value = self._source.read(name)
        except PalyraError as error:
            _log.warning("the secret %s cannot be read: %s", name, error.code)
            value = None
        if value is None:
            raise Refused("unavailable", "The secret is not set on this host.")
        self._mask.add(value.value)
        return value
