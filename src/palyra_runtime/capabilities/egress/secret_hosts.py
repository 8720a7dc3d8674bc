"""Which secret may be sent where, as the plugin's binding says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from palyra_runtime.capabilities.egress.errors import InvalidOrigin, InvalidUrl
from palyra_runtime.capabilities.egress.host import parse_host
from palyra_runtime.capabilities.egress.rules import default_origin, parse_origin
from palyra_runtime.capabilities.egress.url import Origin


class SecretHosts:
    """The binding's ``secret_hosts``: for each name of a secret the hosts that may be sent it.

    A host is ``https`` at its default port, as in a grant. Another scheme or port is spelled out, as
    in ``http://127.0.0.1:8080``: so a secret never goes out unencrypted because a grant also has an
    origin that is.
    """

    def __init__(self, hosts: Mapping[str, Sequence[str]]) -> None:
        """Parse the lists.

        Raises:
            InvalidOrigin: an entry is neither a host nor an origin.
        """
        self._origins = {name: frozenset(map(_origin, entries)) for name, entries in hosts.items()}

    def allow(self, name: str, origin: Origin) -> bool:
        """Return whether the secret ``name`` may be sent to ``origin``."""
        return origin in self._origins.get(name, frozenset())


def _origin(text: str) -> Origin:
    if "://" in text:
        return parse_origin(text)
    try:
        parse_host(text)
    except InvalidUrl as error:
        raise InvalidOrigin(f"{text[:200]!r} is not a host: {error}", origin=text) from error
    return default_origin(text)
