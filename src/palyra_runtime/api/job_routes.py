"""Looking at jobs, and stopping them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from palyra_events.token import Role
from palyra_runtime.api.caller import needing
from palyra_runtime.api.job import Job, Jobs
from palyra_runtime.api.listing import Listing
from palyra_runtime.api.operation import API
from palyra_runtime.plain import plain


def job_routes(jobs: Jobs) -> APIRouter:
    """Return the routes of jobs."""
    router = APIRouter(prefix=f"{API}/jobs", tags=["jobs"])

    @router.get("", operation_id="jobs.list", response_model=Listing[Job[Any]])
    async def listing(request: Request) -> Response:
        """List the jobs of this process, the newest first."""
        needing(request.state.caller, Role.VIEWER)
        return JSONResponse({"items": plain(jobs.list()), "next": None})

    @router.get("/{job_id}", operation_id="jobs.show", response_model=Job)
    async def show(request: Request, job_id: str) -> Response:
        """Show how a job stands, and its result where it is done."""
        needing(request.state.caller, Role.VIEWER)
        return JSONResponse(plain(jobs.show(job_id)))

    @router.post("/{job_id}/cancel", operation_id="jobs.cancel", response_model=Job)
    async def cancel(request: Request, job_id: str) -> Response:
        """Ask a job to stop where it can; what is done stays done."""
        needing(request.state.caller, Role.OPERATOR)
        return JSONResponse(plain(jobs.cancel(job_id)))

    return router
