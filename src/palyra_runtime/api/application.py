"""The web application: all routes behind the gate, and what is told when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from palyra_events.errors import InvalidInput, PalyraError
from palyra_runtime import clock
from palyra_runtime.api.answer import InternalMistake, UnknownPath, refusal
from palyra_runtime.api.bucket import Rate
from palyra_runtime.api.console import Console
from palyra_runtime.api.desk import Desk
from palyra_runtime.api.faces import Faces
from palyra_runtime.api.feed import Sources
from palyra_runtime.api.gate import Gate, GateRules, refused
from palyra_runtime.api.headers import GuardedHeaders
from palyra_runtime.api.health import health_routes
from palyra_runtime.api.job import Jobs
from palyra_runtime.api.job_routes import job_routes
from palyra_runtime.api.metrics import Metrics
from palyra_runtime.api.operation import API
from palyra_runtime.api.operations import OPERATIONS
from palyra_runtime.api.parameters import Parameters
from palyra_runtime.api.route import route
from palyra_runtime.api.session import SESSION_PATH, Cookie, session_routes
from palyra_runtime.api.stream import Stream, stream_routes
from palyra_runtime.api.watch import Watch
from palyra_runtime.config import HttpSettings
from palyra_runtime.version import VERSION

if TYPE_CHECKING:
    from palyra_runtime.bootstrap import Palyra

#: statuses of answers to requests that no route is for
_NOTHING_THERE = frozenset({404, 405})
#: requests that are carried out at once
THREADS = 16

#: what the document says of itself; pages that show it would load scripts from elsewhere
_ABOUT: Mapping[str, Any] = MappingProxyType(
    {
        "title": "Palyra",
        "version": VERSION,
        "openapi_url": f"{API}/openapi.json",
        "docs_url": None,
        "redoc_url": None,
        "redirect_slashes": False,
    }
)

_log = logging.getLogger(__name__)


class InvalidRequest(InvalidInput):
    """The request does not have the form that is asked for."""

    code = "INVALID_REQUEST"
    advice = "See what it takes in /api/v1/openapi.json."


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the application is made of; ``port`` is the one that it really listens on."""

    palyra: Palyra
    settings: HttpSettings
    port: int
    watch: Watch
    jobs: Jobs
    metrics: Metrics
    console: Console = field(default_factory=Console)
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(THREADS))

    @classmethod
    def of(
        cls, palyra: Palyra, settings: HttpSettings, port: int, console: Console | None = None
    ) -> WebParts:
        """Return the parts over a facade."""
        jobs = Jobs(clock.now, clock.entropy)
        watch, metrics = Watch(palyra.events), Metrics(palyra)
        return cls(palyra, settings, port, watch, jobs, metrics, console or Console())

    @property
    def cookie(self) -> Cookie:
        """The cookie of browsers that are logged in."""
        return Cookie.of(self.port, is_secure=self.settings.certificate is not None)


def web_application(parts: WebParts) -> FastAPI:
    """Return the application over a facade."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with parts.watch.running():
            yield
        parts.jobs.close()

    faces = Faces(parts.palyra)
    application = FastAPI(**_ABOUT, lifespan=lifespan, middleware=_middleware(parts))
    sources = Sources(faces, parts.jobs, parts.watch, parts.threads)
    _add_routes(application, sources, parts.cookie, parts.metrics.text)
    application.add_api_route("/{path:path}", parts.console, methods=["GET", "HEAD"], include_in_schema=False)
    for kind, handler in _HANDLERS.items():
        application.add_exception_handler(kind, handler)
    return application


def openapi_document() -> Mapping[str, Any]:
    """Return the OpenAPI document of the gateway's API; it needs no facade."""
    application = FastAPI(**_ABOUT)
    sources = Sources(Faces(None), Jobs(clock.now, clock.entropy), Watch(None), CapacityLimiter(1))
    _add_routes(application, sources, Cookie.of(0, is_secure=True), bytes)
    return application.openapi()


@cache
def _operation_routes() -> Sequence[APIRoute]:
    """Return the routes of all operations; to read their signatures takes a second."""
    return [route(operation) for operation in OPERATIONS]


def _add_routes(application: FastAPI, sources: Sources, cookie: Cookie, figures: Callable[[], bytes]) -> None:
    application.state.desk = Desk(sources.faces, sources.jobs, sources.threads)
    application.router.routes.extend(_operation_routes())
    for router in (
        session_routes(sources.faces, cookie, sources.threads),
        job_routes(sources.jobs),
        stream_routes(Stream(sources)),
        health_routes(sources.faces, figures, sources.threads),
    ):
        application.include_router(router)


def _middleware(parts: WebParts) -> Sequence[Middleware]:
    settings = parts.settings
    rules = GateRules(
        hosts=frozenset({settings.host.lower(), *(name.lower() for name in settings.hosts)}),
        door=SESSION_PATH,
        cookie=parts.cookie.name,
        rate=Rate(settings.requests_per_s, settings.burst),
        uploads=frozenset(
            API + each.path for each in OPERATIONS if each.is_write and Parameters(each).has_upload
        ),
    )
    return [
        Middleware(GuardedHeaders),
        Middleware(Gate, tokens=parts.palyra.tokens, rules=rules, threads=parts.threads),
    ]


def _palyra_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, PalyraError)
    return refused(error)


def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:20]]
    return refusal(InvalidRequest(f"{'; '.join(problems)}."[:2000], problems=problems))


def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    asked = f"{request.method} {request.url.path[:200]}"
    if error.status_code not in _NOTHING_THERE:
        return refusal(InvalidRequest(f"{asked}: {error.detail}."), error.status_code, error.headers)
    return refusal(UnknownPath(f"{asked} asks for nothing that there is."), error.status_code, error.headers)


def _mistake(request: Request, error: Exception) -> Response:
    _log.error("%s %s met a mistake of Palyra", request.method, request.url.path, exc_info=error)
    return refusal(InternalMistake(f"Palyra made a mistake ({type(error).__name__})."))


_HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Response]] = MappingProxyType(
    {
        PalyraError: _palyra_error,
        RequestValidationError: _invalid,
        HTTPException: _unknown,
        Exception: _mistake,
    }
)
