"""Logging in and out with a browser: the secret of a link becomes a cookie that no script can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from palyra_events.token import Role, TokenKind
from palyra_runtime.api.answer import ErrorAnswer
from palyra_runtime.api.caller import Caller, NotAuthenticated, needing
from palyra_runtime.api.faces import Faces
from palyra_runtime.api.operation import API
from palyra_runtime.api.origin import check_page
from palyra_runtime.facade.tokens import SESSION_S, IssuedToken
from palyra_runtime.plain import plain

#: where browsers log in and out
SESSION_PATH = f"{API}/session"


#: what the document says of answers to somebody who is not logged in
_NOBODY: dict[int | str, Any] = {401: {"model": ErrorAnswer, "description": "Nobody is logged in."}}


class Login(BaseModel):
    """What a browser got by the link: the part of it after the #."""

    model_config = ConfigDict(extra="forbid")

    secret: str = Field(max_length=200)


class SessionRecord(BaseModel):
    """Who is logged in, and what a page shows with each write."""

    actor: str
    role: Role
    kind: TokenKind
    csrf_token: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cookie:
    """The cookie of a gateway; browsers do not tell the ports of a host apart, so its name does."""

    name: str
    is_secure: bool

    @classmethod
    def of(cls, port: int, *, is_secure: bool) -> Cookie:
        """Return the cookie of a gateway at a port."""
        prefix = "__Host-" if is_secure else ""
        return cls(f"{prefix}palyra_session_{port}", is_secure)


def session_routes(faces: Faces, cookie: Cookie, threads: CapacityLimiter) -> APIRouter:
    """Return the routes of sessions."""
    router = APIRouter(prefix=SESSION_PATH, tags=["session"])

    @router.post("", operation_id="session.begin", response_model=SessionRecord, status_code=201)
    async def begin(request: Request, login: Login) -> Response:
        """Use up the secret of a login link, and begin a session of 12 hours."""
        check_page(request.headers)
        issued = await to_thread.run_sync(_exchanged, faces, login.secret, limiter=threads)
        answer = JSONResponse(_told(Caller(issued.token, issued.secret)), 201)
        answer.set_cookie(
            cookie.name,
            issued.secret,
            max_age=SESSION_S,
            httponly=True,
            samesite="strict",
            secure=cookie.is_secure,
        )
        return answer

    @router.get("", operation_id="session.show", response_model=SessionRecord, responses=_NOBODY)
    async def show(request: Request) -> Response:
        """Tell who is asking, and what a page of ours shows with each write."""
        return JSONResponse(_told(needing(request.state.caller, Role.VIEWER)))

    @router.delete("", operation_id="session.end", status_code=204)
    async def end(request: Request) -> Response:
        """Log out: the session counts no longer, wherever its cookie is."""
        caller = needing(request.state.caller, Role.VIEWER)
        if caller.is_browser:
            tokens = faces.of(caller.token.holder).tokens
            await to_thread.run_sync(tokens.revoke, caller.token.token_id, limiter=threads)
        answer = Response(status_code=204)
        answer.delete_cookie(cookie.name, httponly=True, samesite="strict", secure=cookie.is_secure)
        return answer

    return router


def _exchanged(faces: Faces, secret: str) -> IssuedToken:
    tokens = faces.ours().tokens
    token = tokens.identify(secret)
    if token is None or token.kind is not TokenKind.LOGIN:
        raise NotAuthenticated("The login link was used, has expired, or is none.")
    return tokens.exchange(token)


def _told(caller: Caller) -> object:
    token = caller.token
    return plain(
        SessionRecord(
            actor=token.holder,
            role=token.role,
            kind=token.kind,
            csrf_token=caller.csrf_token if caller.is_browser else None,
            expires_at=token.expires_at,
        )
    )
