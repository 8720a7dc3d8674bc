"""A connection to an address that was checked, and to no other."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress.address import IPAddress
from palyra_runtime.capabilities.egress.deadline import Deadline, late
from palyra_runtime.capabilities.egress.url import Origin
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.sandbox.text import plain_text

#: bytes taken from a socket at once; what a parser may have to hold beyond its own bound
RECEIVE_BYTES = 16 * 1024
_SEND_BYTES = 64 * 1024

#: connects to an address and port, in at most that many seconds
Connect: TypeAlias = Callable[[IPAddress, int, float], socket.socket]

_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


def connect(address: IPAddress, port: int, timeout_s: float) -> socket.socket:
    """Return a TCP connection. The address is a number already, so no name is looked up."""
    connection = socket.socket(_FAMILIES[address.version], socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_s)
        connection.connect((str(address), port))
    except BaseException:
        connection.close()
        raise
    return connection


def client_context() -> ssl.SSLContext:
    """Return how servers prove who they are: the system's authorities, TLS 1.2 at least.

    The shorter ``ssl.create_default_context`` also writes session keys to the file that the
    environment's ``SSLKEYLOGFILE`` names, and those keys open requests with secrets in them.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_default_certs()
    return context


class Wire:
    """Bytes to and from one server, all before one deadline."""

    def __init__(self, stream: socket.socket, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def send(self, data: Concealed) -> None:
        """Send all bytes.

        A view is sent piece by piece: the timeout of ``sendall`` over TLS starts anew for each piece.
        """
        rest = memoryview(data.value)
        while rest:
            with _as_refusals():
                self._stream.settimeout(self._deadline.left())
                rest = rest[self._stream.send(rest[:_SEND_BYTES]) :]

    def receive(self) -> bytes:
        """Return the next bytes, or none where the server has hung up."""
        with _as_refusals():
            self._stream.settimeout(self._deadline.left())
            return self._stream.recv(RECEIVE_BYTES)


@contextmanager
def open_wire(
    origin: Origin,
    addresses: Sequence[IPAddress],
    deadline: Deadline,
    *,
    dial: Connect,
    context: ssl.SSLContext,
) -> Iterator[Wire]:
    """Give a connection to the first address that takes one; it is closed in the end.

    The name stays in the TLS handshake and in the certificate's check; the connection goes to the
    address that was looked at, so a second look-up cannot lead it elsewhere.

    Raises:
        Refused: ``connect``, ``tls`` or ``timeout``.
    """
    with _dialled(origin.port, addresses, deadline, dial) as plain:
        if origin.scheme == "http":
            yield Wire(plain, deadline)
            return
        with _as_refusals():
            plain.settimeout(deadline.left())
            secured = context.wrap_socket(
                plain, server_hostname=origin.host.strip("[]"), suppress_ragged_eofs=False
            )
        with secured:
            yield Wire(secured, deadline)


def _dialled(port: int, addresses: Sequence[IPAddress], deadline: Deadline, dial: Connect) -> socket.socket:
    """Return a connection to the first address that answers; each gets its share of the time left."""
    failed: OSError | None = None
    for index, address in enumerate(addresses):
        share = deadline.left() / (len(addresses) - index)
        try:
            return dial(address, port, share)
        except OSError as error:
            failed = error
    deadline.left()
    raise Refused("connect", f"The server takes no connection at port {port}.") from failed


@contextmanager
def _as_refusals() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        # The text is the library's own and names the host that was asked for.
        reason = plain_text(error.verify_message).rstrip(".")
        raise Refused("tls", f"The server's certificate is refused: {reason}.") from error
    except TimeoutError as error:
        raise late() from error
    except ssl.SSLEOFError as error:
        raise Refused("connect", "The server broke off the connection.") from error
    except ssl.SSLError as error:
        raise Refused("tls", "The server and this host found no common way to encrypt.") from error
    except OSError as error:
        raise Refused("connect", "The connection to the server broke off.") from error
