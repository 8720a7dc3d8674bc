from __future__ import annotations

import hmac
import logging

import pytest

from tests.http_stage import HttpStage

SECRET = "a secret of some length"


def hmac_of(algorithm: str, data: bytes) -> str:
    return hmac.new(SECRET.encode(), data, algorithm).hexdigest()


@pytest.fixture
def plugin() -> HttpStage:
    return HttpStage(hosts=["api.example.com"], secrets={"key": SECRET, "unset": ""})


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"data": "text \u00e9"}, hmac_of("sha256", "text \u00e9".encode())),
        ({"data": ""}, hmac_of("sha256", b"")),
        ({"data_base64": "AAEC"}, hmac_of("sha256", b"\x00\x01\x02")),
        ({"data": "x", "algorithm": "sha512"}, hmac_of("sha512", b"x")),
    ],
)
def test_code(plugin, request_, code):
    """The code is RFC 2104's, in hexadecimal."""
    assert plugin.call(op="secret.hmac", handle=20_000, **request_) == {"ok": code}


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"data": "x", "data_base64": "eA=="},
        {"data": 1},
        {"data_base64": "no base64"},
        {"data": "x", "algorithm": "md5"},
        {"data": "x", "algorithm": None},
        {"data": "x", "encoding": "base64"},
    ],
    ids=str,
)
def test_bad_request(plugin, request_):
    """A request of another form is refused."""
    assert plugin.call(op="secret.hmac", handle=20_000, **request_)["error"]["code"] == "bad_request"


@pytest.mark.parametrize("handle", [19_999, 20_002, 10_000, "20000", None])
def test_handle(plugin, handle):
    """Only a handle of one of this invocation's secrets is good."""
    assert plugin.call(op="secret.hmac", handle=handle, data="x")["error"]["code"] == "denied"


def test_unset(plugin, caplog):
    """A secret that is granted and not set is not available."""
    answer = plugin.call(op="secret.hmac", handle=20_001, data="x")
    assert answer["error"] == {"code": "unavailable", "message": "The secret is not set on this host."}


def test_source_that_fails(caplog):
    """Why a secret cannot be read is for the operator's log, by its code, and not for the guest."""
    plugin = HttpStage(secrets={"key": "short"})
    with caplog.at_level(logging.WARNING):
        answer = plugin.call(op="secret.hmac", handle=20_000, data="x")
    assert (answer["error"]["code"], caplog.messages) == (
        "unavailable",
        ["the secret key cannot be read: INVALID_SECRET"],
    )


def test_used_by_a_code_is_masked():
    """A secret that was only used as a key is masked in later answers as well, errors included."""
    plugin = HttpStage(hosts=["api.example.com"], secrets={"key": "secret.example.com"})
    plugin.call(op="secret.hmac", handle=20_000, data="x")
    answer = plugin.call(op="http.request", handle=10_000, url="https://secret.example.com/")
    assert answer["error"]["message"] == "The handle does not grant https://[secret]."


def test_known_answer():
    """RFC 4231 section 4.2 has this key, this text and this code."""
    plugin = HttpStage(secrets={"key": "\x0b" * 20})
    assert plugin.call(op="secret.hmac", handle=20_000, data="Hi There") == {
        "ok": "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    }
