"""Asking a gateway over HTTP: one connection, one token, and errors as they are raised here."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import httpx2

from palyra_events.errors import (
    Conflict,
    Findings,
    InvalidInput,
    NotAllowed,
    NotFound,
    PalyraError,
    Unavailable,
)
from palyra_runtime.api.operation import API
from palyra_runtime.capabilities.egress import client_context
from palyra_runtime.version import VERSION

#: seconds for a connection, for an answer, which may be that of a whole audit, and between two heartbeats
_CONNECT_S, _ANSWER_S, _SILENCE_S = 10.0, 130.0, 45.0
#: how often a request is sent that comes too early, and seconds between
_TRIES_MAX, _PAUSE_MAX_S = 30, 10.0
_TOO_EARLY = 429
#: what an error is where its code is not known here, by the status of the answer
_KINDS: Mapping[int, type[PalyraError]] = MappingProxyType(
    {
        400: InvalidInput,
        401: NotAllowed,
        403: NotAllowed,
        404: NotFound,
        409: Conflict,
        413: InvalidInput,
        422: Findings,
        500: PalyraError,
    }
)
#: errors that a gateway of another version has for what it does not know
_MISFITS = frozenset({"UNKNOWN_PATH", "INVALID_REQUEST"})
#: nothing of a request was sent
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


class GatewayUnreachable(Unavailable):
    """The gateway cannot be asked."""

    code = "GATEWAY_UNREACHABLE"
    advice = "See whether it runs, and whether the address of --api is where it listens."


class GatewayNotTrusted(Unavailable):
    """The gateway cannot prove that it is the one that was named."""

    code = "GATEWAY_NOT_TRUSTED"
    advice = "Check the address of --api. An authority of your own is a file that SSL_CERT_FILE names."
    retryable = False


class OutcomeUnknown(Unavailable):
    """The gateway was asked to do something, and was not heard of again."""

    code = "OUTCOME_UNKNOWN"
    advice = "Look whether it was done before you ask for it again."
    retryable = False


class NotAGateway(Unavailable):
    """What answers is no gateway."""

    code = "NOT_A_GATEWAY"
    advice = "Check the address of --api."
    retryable = False


class GatewayOfOtherVersion(Unavailable):
    """The gateway is of another version than the command line."""

    code = "GATEWAY_OF_OTHER_VERSION"
    advice = "Use the palyra of the gateway's version, or bring the gateway to yours."
    retryable = False


class Client:
    """Asks one gateway. Redirects are not followed: the token is for nobody else."""

    def __init__(self, url: str, token: str, transport: httpx2.BaseTransport | None = None) -> None:
        self._http = httpx2.Client(
            base_url=url + API,
            headers={"Authorization": f"Bearer {token}", "User-Agent": f"palyra/{VERSION}"},
            timeout=httpx2.Timeout(_ANSWER_S, connect=_CONNECT_S),
            verify=client_context(),
            # Neither a proxy nor a password file of the environment is meant for this.
            trust_env=False,
            transport=transport,
        )
        self._url = url

    def ask(
        self,
        verb: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
    ) -> Any:
        """Return the JSON of an answer.

        Raises:
            GatewayUnreachable, GatewayNotTrusted, NotAGateway, GatewayOfOtherVersion: there is none.
            OutcomeUnknown: it was not heard of again.
            PalyraError: the one that the gateway tells.
        """
        kind = {} if content is None else {"Content-Type": "application/octet-stream"}
        request = self._http.build_request(
            verb, path, params=dict(query or {}), json=body, content=content, headers=kind
        )
        answer = self._answer(request)
        told = _json(answer, self._url)
        if answer.is_success:
            return told
        error = self._error(answer.status_code, told)
        if error.code in _MISFITS:
            self.check_version()
        raise error

    def check_version(self) -> None:
        """Check that the gateway is of our version, which is worth a look where the two do not fit.

        Raises:
            GatewayOfOtherVersion: it is not.
            GatewayUnreachable, GatewayNotTrusted, NotAGateway: there is none.
        """
        health = _json(self._answer(self._http.build_request("GET", f"{self._url}/healthz")), self._url)
        version = health.get("version") if isinstance(health, dict) else None
        if version is not None and version != VERSION:
            raise GatewayOfOtherVersion(
                f"{self._url} is Palyra {version}, and this is {VERSION}.", version=version
            )

    def follow(self, after: int) -> Iterator[Mapping[str, str]]:
        """Yield the events of the stream, each with its fields, until the gateway ends it.

        Raises:
            GatewayUnreachable, GatewayNotTrusted: the connection is gone.
            PalyraError: the one that the gateway tells.
        """
        timeout = httpx2.Timeout(_SILENCE_S, connect=_CONNECT_S)
        try:
            with self._http.stream("GET", "/stream", params={"after": after}, timeout=timeout) as answer:
                if not answer.is_success:
                    answer.read()
                    raise self._error(answer.status_code, _json(answer, self._url))
                yield from _events(answer.iter_lines())
        except httpx2.HTTPError as error:
            raise self._broken("GET", error) from error

    def close(self) -> None:
        """Close the connection. Safe to repeat."""
        self._http.close()

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer to a request, which is sent again where it was one too many for a moment."""
        try:
            for _ in range(_TRIES_MAX):
                answer = self._sent(request)
                if answer.status_code != _TOO_EARLY:
                    break
                time.sleep(_pause_s(answer))
        except httpx2.HTTPError as error:
            raise self._broken(request.method, error) from error
        return answer

    def _sent(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; one that only looks once more, where the connection was given up meanwhile."""
        try:
            return self._http.send(request)
        except (httpx2.ReadError, httpx2.RemoteProtocolError):
            if request.method != "GET":
                raise
            return self._http.send(request)

    def _broken(self, verb: str, error: httpx2.HTTPError) -> PalyraError:
        why = str(error) or type(error).__name__
        if "CERTIFICATE_VERIFY_FAILED" in why:
            return GatewayNotTrusted(f"{self._url} does not prove who it is: {why}.", url=self._url)
        if verb == "GET" or isinstance(error, _UNSENT):
            return GatewayUnreachable(f"{self._url} does not answer: {why}.", url=self._url)
        return OutcomeUnknown(f"{self._url} was asked, and did not answer: {why}.", url=self._url)

    def _error(self, status: int, told: Any) -> PalyraError:
        """Return the error that an answer tells, of the type that it has here."""
        if not isinstance(told, dict) or not isinstance(told.get("error"), dict):
            return NotAGateway(f"{self._url} answers with status {status} and says not why.", url=self._url)
        return error_told(told["error"], _KINDS.get(status, Unavailable))


def _pause_s(answer: httpx2.Response) -> float:
    after = answer.headers.get("retry-after", "")
    return min(float(after), _PAUSE_MAX_S) if after.isdecimal() else 1.0


def _json(answer: httpx2.Response, url: str) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise NotAGateway(f"{url} answers with something else than JSON.", url=url) from error


def error_told(told: Mapping[str, Any], kind: type[PalyraError]) -> PalyraError:
    """Return an error that was told, of the type that has its code here.

    One that nobody knows here is of the ``kind`` given, and keeps the code and the advice that were told.
    """
    code = str(told.get("code"))
    details = {str(name): value for name, value in dict(told.get("details") or {}).items()}
    known = next((each for each in _kinds(PalyraError) if each.code == code), None)
    error = (known or kind)(str(told.get("message", "")), **details)
    if known is None:
        vars(error).update(code=code, advice=str(told.get("advice", kind.advice)))
    return error


def _kinds(kind: type[PalyraError]) -> Iterator[type[PalyraError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)


def _events(lines: Iterator[str]) -> Iterator[Mapping[str, str]]:
    """Yield server-sent events (HTML standard, section 9.2.6); comments and empty ones are left out."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields.get("data"):
            yield fields
            fields = {}
        else:
            fields = {}
