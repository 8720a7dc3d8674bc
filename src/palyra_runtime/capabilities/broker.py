"""The one place where a guest's request becomes an act of the host, or a refusal.

A refusal is an answer like any other: the guest sees it, the transcript keeps it, nothing traps.
Requests are JSON objects with ``op``; those that use a capability name a handle, so a guest can
reach only what it was granted.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from palyra_events.strict_json import InvalidJson, parse_object
from palyra_runtime.sandbox.grants import CapabilityClass
from palyra_runtime.sandbox.session import HostCall

#: bytes of randomness that one request may ask for
RANDOM_BYTES_MAX = 1024

#: bytes; as much as a guest can name in one call
REQUEST_BYTES_MAX = 16 * 1024**2

#: operations on something granted, and the class that their handle must be of
CAPABILITY_OPERATIONS: dict[str, CapabilityClass] = {
    "http.request": "http",
    "secret.hmac": "secret",
    "storage.get": "storage",
    "storage.put": "storage",
    "storage.delete": "storage",
    "storage.list": "storage",
    "channel.send": "channel",
}


class Refused(Exception):
    """The host does not do what was asked; ``code`` is for the guest's program."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class HostBroker:
    """Answers the requests of guests, from any number of threads.

    ``now`` gives the time in UTC and ``random_bytes`` that many random bytes; what they gave is in the
    transcript, so a replay needs neither. No HTTP, secret, storage or channel service stands behind
    this broker yet: a request with a granted handle is answered ``unavailable``.
    """

    def __init__(self, now: Callable[[], datetime], random_bytes: Callable[[int], bytes]) -> None:
        self._now = now
        self._random_bytes = random_bytes
        self._services: dict[str, Callable[[dict[str, Any]], Any]] = {
            "clock.now": self._clock,
            "random.bytes": self._random,
        }

    def answer(self, call: HostCall) -> bytes:
        """Return ``{"ok": …}`` or ``{"error": {"code": …, "message": …}}``."""
        try:
            answer = {"ok": self._carry_out(call)}
        except Refused as refused:
            answer = {"error": {"code": refused.code, "message": refused.message}}
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    def _carry_out(self, call: HostCall) -> Any:
        request = _parsed(call.request)
        operation = request.pop("op", None)
        if not isinstance(operation, str):
            raise Refused("bad_request", "The request has no text 'op'.")
        if service := self._services.get(operation):
            return service(request)
        capability = CAPABILITY_OPERATIONS.get(operation)
        if capability is None:
            raise Refused("unknown_op", "The host has no such operation.")
        _check_granted(call, capability, request.get("handle"))
        raise Refused("unavailable", f"No {capability} service is configured on this host.")

    def _clock(self, request: dict[str, Any]) -> dict[str, Any]:
        _check_keys(request, set())
        now = self._now().astimezone(UTC)
        milliseconds = int(now.timestamp()) * 1000 + now.microsecond // 1000
        text = now.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
        return {"timestamp": text, "unix_ms": milliseconds}

    def _random(self, request: dict[str, Any]) -> str:
        _check_keys(request, {"n"})
        count = request["n"]
        if type(count) is not int or not 0 <= count <= RANDOM_BYTES_MAX:
            raise Refused("bad_request", f"'n' must be a whole number from 0 to {RANDOM_BYTES_MAX}.")
        return base64.b64encode(self._random_bytes(count)).decode("ascii")


def _parsed(request: bytes) -> dict[str, Any]:
    try:
        return parse_object(request, size_max=REQUEST_BYTES_MAX)
    except InvalidJson as error:
        raise Refused("bad_request", f"The request is refused. {error.message}") from error


def _check_keys(request: dict[str, Any], expected: set[str]) -> None:
    if request.keys() != expected:
        wanted = ", ".join(sorted(expected)) or "none"
        raise Refused("bad_request", f"The request's keys beside 'op' must be: {wanted}.")


def _check_granted(call: HostCall, capability: CapabilityClass, handle: object) -> None:
    grant = call.grants.resolve(handle) if type(handle) is int else None
    if grant is None or grant.capability != capability:
        raise Refused("denied", f"The handle is not a {capability} handle of this invocation.")
