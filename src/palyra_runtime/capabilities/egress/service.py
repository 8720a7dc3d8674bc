"""The operation ``http.request``: what a guest asks, and what it is told."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field

from palyra_runtime.capabilities.concealment import Concealed
from palyra_runtime.capabilities.egress.client import Permit
from palyra_runtime.capabilities.egress.deadline import Deadline
from palyra_runtime.capabilities.egress.errors import InvalidUrl
from palyra_runtime.capabilities.egress.exchange import Response
from palyra_runtime.capabilities.egress.request import (
    IDEMPOTENCY_HEADER,
    SAFE_METHODS,
    HeaderValue,
    Request,
    check_headers,
    is_header_value,
    is_secret_value,
)
from palyra_runtime.capabilities.egress.rules import Destination, EgressRules
from palyra_runtime.capabilities.egress.secret_hosts import SecretHosts
from palyra_runtime.capabilities.egress.url import Origin, Url, parse_url
from palyra_runtime.capabilities.masking import Mask
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.capabilities.request import Asked, understood
from palyra_runtime.capabilities.secrets.use import SecretUse
from palyra_runtime.sandbox.grants import Grant
from palyra_runtime.sandbox.session import HostCall
from palyra_runtime.version import VERSION

#: bytes of a body that a guest is handed
_BODY_BYTES_MAX = 1024**2
#: bytes of an answer beside its body: status, URL, headers
_ENVELOPE_BYTES = 16 * 1024

#: of the time left, what a request leaves to the guest, so that it can still answer
_TIME_SHARE = 0.9

#: about the connection and the form on the wire, which a guest does not see
_WIRE_HEADERS = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


class _SecretValue(Asked):
    secret: int
    prefix: str = ""


class _HttpRequest(Asked):
    url: str
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    headers: dict[str, str | _SecretValue] = Field(default_factory=dict)
    body: str | None = None
    body_base64: str | None = None
    timeout_ms: Annotated[int, Field(gt=0)] | None = None

    def content(self) -> bytes:
        if self.body_base64 is not None:
            return base64.b64decode(self.body_base64, validate=True)
        return (self.body or "").encode()


class HttpClient(Protocol):
    """Whoever answers requests: servers, or what a rehearsal says that they answer."""

    def send(
        self, request: Request, permit: Permit, deadline: Deadline, size_max: int
    ) -> tuple[Url, Response]:
        """Return the last answer and the URL that gave it.

        Raises:
            Refused: with one of the codes that docs/capabilities-http.md lists.
        """
        ...


class HttpService:
    """Carries out the requests of one invocation.

    ``idempotency_prefix`` is the same in every attempt of a round and different in all others; the
    n-th write of the invocation is sent with ``<prefix>.<n>``. Writes that are refused count as well:
    what is refused in one attempt and let through in the next must not change the other keys.
    """

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        client: HttpClient,
        rules: EgressRules,
        secrets: SecretUse,
        secret_hosts: SecretHosts,
        mask: Mask,
        idempotency_prefix: str,
    ) -> None:
        self._client = client
        self._rules = rules
        self._secrets = secrets
        self._secret_hosts = secret_hosts
        self._mask = mask
        self._idempotency_prefix = idempotency_prefix
        self._writes = 0

    def __call__(self, call: HostCall, grant: Grant, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the server's answer.

        Raises:
            Refused: with one of the codes that docs/capabilities-http.md lists.
        """
        # Not yet checked, so it may be any JSON value.
        self._writes += request.get("method", "GET") not in tuple(SAFE_METHODS)
        outgoing, deadline = self._permitted(call, grant, understood(_HttpRequest, request))
        room = min(_BODY_BYTES_MAX, call.answer_bytes_max - _ENVELOPE_BYTES)
        if room <= 0:
            raise Refused("limit", "This invocation has no room left for an answer.")

        def permit(origin: Origin) -> Destination | None:
            return self._rules.destination(origin, call.grants.http_hosts)

        url, response = self._client.send(outgoing, permit, deadline, room)
        return self._answer(url, response)

    def _permitted(self, call: HostCall, grant: Grant, asked: _HttpRequest) -> tuple[Request, Deadline]:
        check_headers({name: None if isinstance(v, _SecretValue) else v for name, v in asked.headers.items()})
        url, body = _url(asked), _body(asked)
        if self._rules.destination(url.origin, (grant.value,)) is None:
            raise Refused("denied", f"The handle does not grant {url.origin}.")
        seconds = call.seconds_left * _TIME_SHARE
        if asked.timeout_ms is not None:
            seconds = min(seconds, asked.timeout_ms / 1000)
        headers = self._headers(call, url.origin, asked)
        return Request(asked.method, url, headers, body), Deadline.after(seconds)

    def _headers(
        self, call: HostCall, origin: Origin, asked: _HttpRequest
    ) -> tuple[tuple[str, HeaderValue], ...]:
        headers: list[tuple[str, HeaderValue]] = []
        for name, value in asked.headers.items():
            headers.append((name, self._value(call, origin, value)))
        if "user-agent" not in {name.lower() for name in asked.headers}:
            headers.append(("User-Agent", f"palyra/{VERSION}"))
        if asked.method not in SAFE_METHODS:
            headers.append((IDEMPOTENCY_HEADER, f"{self._idempotency_prefix}.{self._writes}"))
        return tuple(headers)

    def _value(self, call: HostCall, origin: Origin, value: str | _SecretValue) -> HeaderValue:
        if isinstance(value, str):
            return value
        if not is_header_value(value.prefix.rstrip(" ")):
            raise Refused("bad_request", "A secret's prefix is visible ASCII, such as 'Bearer '.")
        name = self._secrets.name(call.grants, value.secret)
        if not self._secret_hosts.allow(name, origin):
            raise Refused("denied", f"The secret may not be sent to {origin}.")
        secret = self._secrets.reveal(name)
        if not is_secret_value(secret):
            raise Refused("unavailable", "The secret cannot stand in a header.")
        return Concealed(value.prefix.encode("ascii") + secret.value)

    def _answer(self, url: Url, response: Response) -> dict[str, Any]:
        answer = {"status": response.status, "url": str(url), "headers": self._shown(response)}
        body = self._mask.content(response.body)
        try:
            return {**answer, "body": body.decode()}
        except UnicodeDecodeError:
            return {**answer, "body_base64": base64.b64encode(body).decode("ascii")}

    def _shown(self, response: Response) -> dict[str, str]:
        """Return the headers by name. Several of one name are joined as RFC 9110 section 5.2 says.

        Cookies are joined by line feeds: a comma can stand in one.
        """
        shown: dict[str, str] = {}
        for name, value in response.headers:
            text = self._mask.content(value).decode("latin-1")
            between = "\n" if name == "set-cookie" else ", "
            shown[name] = f"{shown[name]}{between}{text}" if name in shown else text
        return {name: text for name, text in shown.items() if name not in _WIRE_HEADERS}


def _url(asked: _HttpRequest) -> Url:
    try:
        return parse_url(asked.url)
    except InvalidUrl as error:
        raise Refused("bad_request", error.message) from error


def _body(asked: _HttpRequest) -> bytes:
    has_body = asked.body is not None or asked.body_base64 is not None
    if (asked.body is not None and asked.body_base64 is not None) or (
        has_body and asked.method in SAFE_METHODS
    ):
        raise Refused("bad_request", "A request has one body at most, and GET and HEAD have none.")
    try:
        return asked.content()
    except ValueError as error:
        raise Refused("bad_request", "'body_base64' is not base64.") from error
