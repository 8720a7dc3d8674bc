from __future__ import annotations

import pytest

from palyra_runtime.capabilities.egress import InvalidOrigin, SecretHosts
from palyra_runtime.capabilities.egress.url import Origin

HTTPS = Origin("https", "api.example.com", 443)


def test_host():
    """A host is https at its default port, and only for the secret that it stands under."""
    hosts = SecretHosts({"key": ["api.example.com"]})
    asked = [
        ("key", HTTPS),
        ("other", HTTPS),
        ("key", HTTPS._replace(port=8443)),
        ("key", Origin("http", *HTTPS[1:])),
    ]
    assert [hosts.allow(*each) for each in asked] == [True, False, False, False]


def test_origin():
    """Another scheme or port is allowed where it is spelled out."""
    hosts = SecretHosts({"key": ["http://127.0.0.1:8080"]})
    assert hosts.allow("key", Origin("http", "127.0.0.1", 8080))
    assert not hosts.allow("key", Origin("https", "127.0.0.1", 443))


@pytest.mark.parametrize("text", ["", "*", "API.example.com", "api.example.com:443", "127.1", "https://x/"])
def test_invalid(text):
    """What is no host and no origin is refused when the binding is read."""
    with pytest.raises(InvalidOrigin):
        SecretHosts({"key": [text]})
