from __future__ import annotations

import socket
from contextlib import closing

import pytest

from palyra_runtime.api.listener import AddressUnusable, InsecureAddress, listen
from palyra_runtime.config import HttpSettings, http_url


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_this_machine_alone_is_listened_to(host: str):
    """Without a certificate, and on a free port where none is named."""
    with closing(listen(HttpSettings(host=host, port=0))) as bound:
        assert bound.getsockname()[1] > 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_others_are_not_let_in_unencrypted(host: str):
    """Their tokens would be read on the way."""
    with pytest.raises(InsecureAddress):
        listen(HttpSettings(host=host, port=0))


def test_whoever_knows_what_he_does_says_so():
    """In a network that nobody else is in, or behind something that encrypts."""
    with closing(listen(HttpSettings(host="0.0.0.0", port=0), insecure=True)) as bound:
        assert bound.getsockname()[0] == "0.0.0.0"


def test_with_a_certificate_others_are_let_in():
    """Whether it is a good one is told when it is read."""
    settings = HttpSettings(host="0.0.0.0", port=0, certificate="cert.pem", key="key.pem")

    with closing(listen(settings)) as bound:
        assert bound.getsockname()[1] > 0


def test_a_port_that_is_taken_is_told():
    """At once, and not when somebody asks."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(AddressUnusable, match=f"port {port}"):
            listen(HttpSettings(port=port))


def test_an_address_that_there_is_none_of_is_told():
    """A name that means nothing, and an address of another machine."""
    with pytest.raises(AddressUnusable):
        listen(HttpSettings(host="192.0.2.1", port=0), insecure=True)
    with pytest.raises(AddressUnusable):
        listen(HttpSettings(host="nowhere.invalid", port=0))


def test_the_address_is_told_as_a_url():
    """As people type it into a browser."""
    assert http_url(HttpSettings()) == "http://127.0.0.1:7420"
    assert http_url(HttpSettings(host="::1", certificate="c", key="k")) == "https://[::1]:7420"
