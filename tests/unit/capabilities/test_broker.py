from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from palyra_runtime.capabilities import HostBroker
from palyra_runtime.capabilities.broker import Service
from palyra_runtime.capabilities.masking import Mask
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.sandbox import CapabilityGrantSet, HostCall

GRANTS = CapabilityGrantSet(
    http_hosts=("api.example",), secret_keys=("key",), storage_prefixes=("notes",), channels=("ops",)
)
NOON = datetime(2026, 3, 1, 12, 0, 0, 250_999, tzinfo=UTC)


def ask(request: bytes, now: datetime = NOON) -> dict[str, object]:
    """The answer to one request, parsed."""
    broker = HostBroker(now=lambda: now, random_bytes=lambda count: bytes(range(count)))
    call = HostCall(index=0, request=request, grants=GRANTS, answer_bytes_max=10_000, seconds_left=1.0)
    return json.loads(broker.answer(call))


@pytest.mark.parametrize("now", [NOON, NOON.astimezone(timezone(timedelta(hours=5)))])
def test_the_clock_tells_the_time_that_it_was_given(now):
    """Guests see UTC in milliseconds, as text and as a number, wherever the host stands."""
    assert ask(b'{"op":"clock.now"}', now) == {
        "ok": {"timestamp": "2026-03-01T12:00:00.250Z", "unix_ms": 1_772_366_400_250}
    }


@pytest.mark.parametrize(("count", "text"), [(0, ""), (3, "AAEC")])
def test_random_bytes_come_in_base64(count, text):
    """What was drawn is in the answer, so a replay needs no randomness."""
    assert ask(b'{"op":"random.bytes","n":%d}' % count) == {"ok": text}


@pytest.mark.parametrize("count", ["-1", "1025", "1.0", "true", '"3"', "null", "1e3"])
def test_random_bytes_are_bounded(count):
    """A guest cannot have the host draw a gigabyte, and a number is a number."""
    assert ask(f'{{"op":"random.bytes","n":{count}}}'.encode())["error"]["code"] == "bad_request"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"{",
        b"[]",
        b'"clock.now"',
        b"\xff",
        b'{"op":"clock.now","op":"clock.now"}',
        b'{"op":"clock.now","n":NaN}',
        b'{"op":"clock.now","extra":1}',
        b'{"op":"random.bytes"}',
        b'{"op":["clock.now"]}',
        b'{"op":null}',
        b"{}",
        b'{"op":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
def test_a_request_that_makes_no_sense_is_an_answer(request_bytes):
    """Bad JSON never ends a guest; it is told what was wrong."""
    assert ask(request_bytes)["error"]["code"] == "bad_request"


@pytest.mark.parametrize("operation", ["", "exec", "http.Request", "clock.now ", "__class__"])
def test_an_unknown_operation_is_an_answer(operation):
    """Operations are known by their exact name."""
    assert ask(json.dumps({"op": operation}).encode())["error"]["code"] == "unknown_op"


@pytest.mark.parametrize(
    ("operation", "handle"),
    [
        ("http.request", 10_000),
        ("secret.hmac", 20_000),
        ("storage.get", 30_000),
        ("storage.put", 30_000),
        ("storage.delete", 30_000),
        ("storage.list", 30_000),
        ("channel.send", 40_000),
    ],
)
def test_a_granted_handle_without_a_service_behind_it(operation, handle):
    """The host says so, and does not pretend to have done it."""
    assert ask(json.dumps({"op": operation, "handle": handle}).encode())["error"]["code"] == "unavailable"


@pytest.mark.parametrize("handle", [None, 10_001, 20_000, -1, 0, 10_000.0, "10000", True, [10_000], 2**70])
def test_a_handle_that_was_not_granted_is_denied(handle):
    """A number of another class, or one that was never given out, opens nothing."""
    answer = ask(json.dumps({"op": "http.request", "handle": handle}).encode())

    assert answer["error"]["code"] == "denied"


def test_a_refusal_does_not_repeat_the_request():
    """What a guest sends cannot come back as the host's words."""
    assert "canary" not in json.dumps(ask(b'{"op":"canary","handle":"canary"}'))


def ask_service(service: Service, request: dict[str, object], mask: Mask | None = None) -> dict[str, object]:
    """The answer of a broker that has this service for http.request."""
    broker = HostBroker(lambda: NOON, bytes, {"http.request": service}, mask)
    call = HostCall(
        index=0,
        request=json.dumps(request).encode(),
        grants=GRANTS,
        answer_bytes_max=10_000,
        seconds_left=1.0,
    )
    return json.loads(broker.answer(call))


def test_a_service_gets_the_grant_and_the_rest_of_the_request():
    """Operation and handle are the broker's business; what is granted is the service's."""
    answer = ask_service(
        lambda call, grant, request: [call.seconds_left, grant.value, dict(request)],
        {"op": "http.request", "handle": 10_000, "url": "x"},
    )
    assert answer == {"ok": [1.0, "api.example", {"url": "x"}]}


def test_a_service_is_not_asked_without_a_grant():
    """The decision is taken before anything is done."""
    asked = []
    answer = ask_service(lambda *request: asked.append(request), {"op": "http.request", "handle": 10_001})
    assert (answer["error"]["code"], asked) == ("denied", [])


def test_no_answer_holds_a_used_secret():
    """What a service or its refusal says is masked, whatever the service did about it."""
    mask = Mask()
    mask.add(b"hidden-value")

    def refuse(*_: object) -> None:
        raise Refused("protocol", "It said: hidden-value.")

    request = {"op": "http.request", "handle": 10_000}
    answers = [ask_service(service, request, mask) for service in (lambda *_: {"hidden-value": 1}, refuse)]
    assert answers == [
        {"ok": {"[secret]": 1}},
        {"error": {"code": "protocol", "message": "It said: [secret]."}},
    ]
