"""The socket that the gateway listens on: on this machine only, unless the connection is encrypted."""

from __future__ import annotations

import ipaddress
import socket

from palyra_events.errors import NotAllowed, Unavailable
from palyra_runtime.config import HttpSettings

#: connections that wait to be accepted
_BACKLOG = 128


class AddressUnusable(Unavailable):
    """The gateway cannot listen where it was told to."""

    code = "ADDRESS_UNUSABLE"
    advice = "Choose another port with --port, or stop what listens there."


class InsecureAddress(NotAllowed):
    """Others could reach this address, and read what is sent."""

    code = "INSECURE_ADDRESS"
    advice = (
        "Name a certificate and its key in [gateway.http] of palyra.toml, or listen on 127.0.0.1; "
        "--insecure-bind is for a network that nobody else is in."
    )


def listen(settings: HttpSettings, *, insecure: bool = False) -> socket.socket:
    """Return a socket that listens.

    Raises:
        InsecureAddress: it would not be of this machine alone, and nothing is encrypted.
        AddressUnusable: something else listens there, or there is no such address.
    """
    try:
        (family, kind, protocol, _, address), *_ = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise _unusable(settings, error) from error
    is_local = ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
    if not (is_local or insecure or settings.certificate):
        raise InsecureAddress(f"{settings.host} is not an address of this machine alone.", host=settings.host)
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise _unusable(settings, error) from error
    return bound


def _unusable(settings: HttpSettings, error: OSError) -> AddressUnusable:
    return AddressUnusable(
        f"{settings.host}, port {settings.port}, cannot be listened on: {error.strerror}.",
        host=settings.host,
        port=settings.port,
    )
