"""The gate: every request passes it, and whoever asks is known behind it.

host known? -> not too often? -> whose token? -> a page of ours? -> not too large? -> the operation
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from palyra_events.errors import PalyraError, Unavailable
from palyra_events.token import TokenKind
from palyra_runtime.api.answer import refusal
from palyra_runtime.api.body import (
    BODY_MAX,
    STRANGER_MAX,
    UPLOAD_MAX,
    LengthAmbiguous,
    RequestTooLarge,
    RequestTooSlow,
    whole_body,
)
from palyra_runtime.api.bucket import Buckets, Rate, TooManyRequests
from palyra_runtime.api.caller import Caller, NotAuthenticated
from palyra_runtime.api.origin import check_host, check_write

if TYPE_CHECKING:
    from palyra_runtime.facade import Tokens

#: artifacts that are in memory at once
UPLOADS_MAX = 4

_BEARER = "bearer "
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
#: the answers to errors whose exit code does not tell enough
_STATUSES: dict[type[PalyraError], int] = {
    NotAuthenticated: 401,
    RequestTooLarge: 413,
    RequestTooSlow: 408,
    TooManyRequests: 429,
}


class TooManyUploads(Unavailable):
    """Too many artifacts are on their way at once."""

    code = "TOO_MANY_UPLOADS"
    advice = "Send it again when the others have arrived."
    retryable = True


@dataclass(frozen=True, slots=True)
class GateRules:
    """What the gate lets through: for which hosts, how often, and where uploads may go.

    Whoever logs in at the ``door`` shows a secret; a cookie that comes along is that of a session before.
    """

    hosts: Collection[str]
    door: str
    cookie: str
    rate: Rate
    uploads: Collection[str]


class Gate:
    """Lets requests pass to an application, and refuses the others."""

    def __init__(
        self,
        application: ASGIApp,
        *,
        tokens: Tokens,
        rules: GateRules,
        threads: CapacityLimiter,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._tokens = tokens
        self._rules = rules
        self._threads = threads
        self._by_address = Buckets(rules.rate, seconds)
        self._by_actor = Buckets(rules.rate, seconds)
        self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        with ExitStack() as answering:
            try:
                given = await self._passed(scope, receive, answering)
            except PalyraError as error:
                await refused(error)(scope, receive, send)
                return
            await self._application(scope, given, send)

    async def _passed(self, scope: Scope, receive: Receive, answering: ExitStack) -> Receive:
        headers = Headers(scope=scope)
        check_host(headers, self._rules.hosts)
        self._by_address.check(scope["client"][0] if scope.get("client") else None)
        caller = await to_thread.run_sync(self._caller, headers, limiter=self._threads)
        scope.setdefault("state", {})["caller"] = caller
        if caller is not None:
            self._by_actor.check(caller.token.holder)
            if caller.is_browser and scope["method"] not in _READS and not self._is_login(scope):
                check_write(headers, caller)
        if caller is None:
            return await whole_body(scope, receive, STRANGER_MAX)
        if scope["method"] in _READS or scope["path"] not in self._rules.uploads:
            return await whole_body(scope, receive, BODY_MAX)
        answering.enter_context(self._upload())
        return await whole_body(scope, receive, UPLOAD_MAX)

    @contextmanager
    def _upload(self) -> Iterator[None]:
        """Keep room for an artifact, from before it comes until it is dealt with.

        Raises:
            TooManyUploads: there is none.
        """
        if self._uploads >= UPLOADS_MAX:
            raise TooManyUploads
        self._uploads += 1
        try:
            yield
        finally:
            self._uploads -= 1

    def _is_login(self, scope: Scope) -> bool:
        return (scope["method"], scope["path"]) == ("POST", self._rules.door)

    def _caller(self, headers: Headers) -> Caller | None:
        """Return who asks, None where nothing is shown.

        Raises:
            NotAuthenticated: what is shown does not count.
        """
        given = headers.get("authorization")
        if given is not None:
            kind, secret = TokenKind.BEARER, given[len(_BEARER) :].strip()
            is_ours = given.lower().startswith(_BEARER)
        else:
            kind = TokenKind.SESSION
            secret = cookie_parser(headers.get("cookie", "")).get(self._rules.cookie, "")
            is_ours = True
        if given is None and not secret:
            return None
        token = self._tokens.identify(secret) if is_ours else None
        if token is not None and token.kind is kind:
            return Caller(token, secret)
        if given is None:
            # A browser keeps a cookie longer than it counts; without it, it can log in again.
            return None
        raise NotAuthenticated("The token does not count: it is wrong, expired or revoked.")


def refused(error: PalyraError) -> Response:
    """Return the answer that tells an error, with the headers that go with it."""
    headers = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(ceil(error.retry_after_s))
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, LengthAmbiguous):
        # What comes behind it may be no request.
        headers["Connection"] = "close"
    return refusal(error, _STATUSES.get(type(error)), headers)
