"""Whether the gateway is alive, whether it is ready, and its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from palyra_events.errors import Unavailable
from palyra_events.token import Role
from palyra_runtime.api.caller import needing
from palyra_runtime.api.faces import Faces
from palyra_runtime.facade import Pulse
from palyra_runtime.version import VERSION


class NotReady(Unavailable):
    """The gateway cannot answer from its views at the moment."""

    code = "NOT_READY"
    advice = "See what stands still with: palyra doctor"
    retryable = True


class Health(BaseModel):
    """The answer of a gateway that is well."""

    status: Literal["ok"] = "ok"
    version: str = VERSION


def health_routes(faces: Faces, figures: Callable[[], bytes], threads: CapacityLimiter) -> APIRouter:
    """Return the routes that machines ask, at the paths that they are used to."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", operation_id="health.alive", response_model=Health)
    async def alive() -> Response:
        """Tell that this process answers; it asks nothing of the database."""
        return JSONResponse(Health().model_dump())

    @router.get("/readyz", operation_id="health.ready", response_model=Health)
    async def ready() -> Response:
        """Tell whether the database can be read and no view stands still."""
        pulse = await to_thread.run_sync(faces.ours().projections.pulse, limiter=threads)
        _check(pulse)
        return JSONResponse(Health().model_dump())

    @router.get(
        "/metrics",
        operation_id="health.metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics(request: Request) -> Response:
        """Return the figures for Prometheus; a viewer's token is enough."""
        needing(request.state.caller, Role.VIEWER)
        text = await to_thread.run_sync(figures, limiter=threads)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return router


def _check(pulse: Pulse) -> None:
    paused = sorted({build.name for build in pulse.builds if build.is_paused})
    if paused:
        raise NotReady(f"Views are paused: {', '.join(paused)}.", views=paused)
