"""The one place where a guest's request becomes an act of the host, or a refusal.

A refusal is an answer like any other: the guest sees it, the transcript keeps it, nothing traps.
Requests are JSON objects with ``op``; those that use a capability name a handle, so a guest can
reach only what it was granted.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from palyra_events.strict_json import InvalidJson, parse_object
from palyra_runtime.capabilities.masking import Mask
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.sandbox.grants import Grant
from palyra_runtime.sandbox.handles import CapabilityClass
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


#: carries out one operation on a grant; takes the request without ``op`` and ``handle``, and returns
#: what stands behind ``ok`` or raises Refused
Service: TypeAlias = Callable[[HostCall, Grant, Mapping[str, Any]], Any]


class HostBroker:
    """Answers the requests of guests, from any number of threads.

    ``now`` gives the time in UTC and ``random_bytes`` that many random bytes; what they gave is in the
    transcript, so a replay needs neither. ``services`` carry out operations on what was granted; where
    there is none, the answer is ``unavailable``. Some of them remember what one invocation did, and so
    does ``mask``: a broker with those is for one invocation.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
        services: Mapping[str, Service] | None = None,
        mask: Mask | None = None,
    ) -> None:
        self._now = now
        self._random_bytes = random_bytes
        self._services = dict(services or {})
        self._mask = mask or Mask()
        self._open: dict[str, Callable[[dict[str, Any]], Any]] = {
            "clock.now": self._clock,
            "random.bytes": self._random,
        }

    def answer(self, call: HostCall) -> bytes:
        """Return ``{"ok": …}`` or ``{"error": {"code": …, "message": …}}``, without any used secret."""
        try:
            answer = {"ok": self._carry_out(call)}
        except Refused as refused:
            answer = {"error": {"code": refused.code, "message": refused.message}}
        answer = self._mask.value(answer)
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    def _carry_out(self, call: HostCall) -> Any:
        request = _parsed(call.request)
        operation = request.pop("op", None)
        if not isinstance(operation, str):
            raise Refused("bad_request", "The request has no text 'op'.")
        if function := self._open.get(operation):
            return function(request)
        capability = CAPABILITY_OPERATIONS.get(operation)
        if capability is None:
            raise Refused("unknown_op", "The host has no such operation.")
        grant = _granted(call, capability, request.pop("handle", None))
        if service := self._services.get(operation):
            return service(call, grant, request)
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


def _granted(call: HostCall, capability: CapabilityClass, handle: object) -> Grant:
    grant = call.grants.resolve(handle) if type(handle) is int else None
    if grant is None or grant.capability != capability:
        raise Refused("denied", f"The handle is not a {capability} handle of this invocation.")
    return grant
