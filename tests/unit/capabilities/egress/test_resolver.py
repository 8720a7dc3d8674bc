from __future__ import annotations

import socket
from ipaddress import ip_address
from threading import Event

import pytest

from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.egress.resolver import SystemResolver
from palyra_runtime.capabilities.refusal import Refused


def found(*addresses: str):
    """A look-up in the form of ``socket.getaddrinfo``."""
    return lambda *_, **__: [(socket.AF_INET, 1, 6, "", (address, 0)) for address in addresses]


def code(resolver: SystemResolver, seconds: float = 30.0) -> str:
    with pytest.raises(Refused) as refused:
        resolver.resolve("api.example.com", Deadline.after(seconds))
    return refused.value.code


def test_order():
    """Addresses keep the system's order, and each is there once."""
    resolver = SystemResolver(found("1.1.1.1", "2606:4700::1", "1.1.1.1"))
    answers = resolver.resolve("api.example.com", Deadline.after(30))
    assert answers == [ip_address("1.1.1.1"), ip_address("2606:4700::1")]


def test_system():
    """The system's resolver knows this machine."""
    answers = SystemResolver().resolve("localhost", Deadline.after(30))
    assert {address.is_loopback for address in answers} == {True}


def test_zone_is_kept():
    """An address with a zone is still seen for what it is."""
    (address,) = SystemResolver(found("fe80::1%1")).resolve("api.example.com", Deadline.after(30))
    assert address.is_link_local


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long"), OSError()])
def test_unknown(error):
    """A name without an address is an answer, not a crash."""

    def fail(*_: object, **__: object):
        raise error

    assert code(SystemResolver(fail)) == "dns"


def test_slow():
    """A name server that does not answer costs the time that there is, and no more."""
    released = Event()
    resolver = SystemResolver(lambda *_, **__: released.wait() and [])
    assert code(resolver, 0.05) == "timeout"
    released.set()


def test_many_slow():
    """Look-ups that hang are bounded; when they end, there is room again."""
    released = Event()
    resolver = SystemResolver(lambda *_, **__: released.wait() and [])
    codes = [code(resolver, 0.001) for _ in range(33)]
    released.set()
    assert codes == ["timeout"] * 32 + ["dns"]
