"""Secrets in the keyring of the desktop or the system, through the ``keyring`` package."""

from __future__ import annotations

from types import ModuleType

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.secrets.errors import KeyringUnavailable
from palyra_runtime.capabilities.secrets.source import check_name, check_value

#: under which the keyring's own tools show our entries: ``keyring set palyra api-key``
SERVICE = "palyra"


class KeyringSecrets:
    """Asks the keyring when a secret is used. The package is an extra, and is imported only then."""

    def __init__(self, service: str = SERVICE) -> None:
        self._service = service

    def read(self, name: str) -> Concealed | None:
        """Return the secret of this name.

        Raises:
            KeyringUnavailable: the package is not installed, or there is no keyring, or it is locked.
            InvalidSecret: the value is too short or too long for a secret.
        """
        keyring = _package()
        try:
            text = keyring.get_password(self._service, check_name(name))
        except keyring.errors.KeyringError as error:
            raise KeyringUnavailable from error
        return None if text is None else check_value(name, text.encode())


def _package() -> ModuleType:
    try:
        import keyring  # noqa: PLC0415 - an extra: only those who use it have it
        import keyring.errors  # noqa: PLC0415
    except ImportError as error:
        raise KeyringUnavailable("The keyring package is not installed.") from error
    return keyring
