from __future__ import annotations

import socket
import ssl
from ipaddress import ip_address

import pytest

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress.connection import client_context, connect, open_wire
from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.egress.url import Origin
from palyra_runtime.capabilities.refusal import Refused
from tests.loopback_server import LoopbackServer, answering, ok

LOOPBACK = ip_address("127.0.0.1")


def wire(port: int, *addresses: str, dial=connect, seconds: float = 30.0):
    return open_wire(
        Origin("http", "localhost", port),
        [ip_address(address) for address in addresses],
        Deadline.after(seconds),
        dial=dial,
        context=client_context(),
    )


def test_next_address():
    """An address that takes no connection is followed by the next one, each with its share of the time."""
    tried = []

    def dial(address, port, timeout_s):
        tried.append((str(address), timeout_s < 20))
        if str(address) == "127.0.0.2":
            raise ConnectionRefusedError
        return connect(address, port, timeout_s)

    with (
        LoopbackServer(answering(ok(b"hi"))) as server,
        wire(server.port, "127.0.0.2", "127.0.0.1", dial=dial) as opened,
    ):
        opened.send(Concealed(b"GET / HTTP/1.1\r\n\r\n"))
        received = opened.receive()
    assert (received, tried) == (ok(b"hi"), [("127.0.0.2", True), ("127.0.0.1", False)])


def test_nobody_listens():
    """A port where nobody listens is a failed connection."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with pytest.raises(Refused) as refused, wire(port, "127.0.0.1"):
        pass
    assert refused.value.code == "connect"


def test_no_time():
    """Without time left nothing is dialled."""
    dialled = []
    with (
        pytest.raises(Refused) as refused,
        wire(1, "127.0.0.1", dial=lambda *a: dialled.append(a), seconds=0),
    ):
        pass
    assert (refused.value.code, dialled) == ("timeout", [])


def test_send_to_a_reader_that_stops():
    """A server that does not take what is sent costs the time that there is, and no more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Refused) as refused, wire(port, "127.0.0.1", seconds=0.1) as opened:
            opened.send(Concealed(bytes(64 * 1024**2)))
    assert refused.value.code == "timeout"


def test_context(monkeypatch, tmp_path):
    """Names are checked, old versions refused, and session keys written nowhere."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = client_context()
    assert (
        context.check_hostname,
        context.verify_mode,
        context.minimum_version,
        context.keylog_filename,
        (tmp_path / "keys").exists(),
    ) == (True, ssl.CERT_REQUIRED, ssl.TLSVersion.TLSv1_2, None, False)
