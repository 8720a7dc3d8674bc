"""The desk: where an operation is carried out for whoever asked, and answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from palyra_events.errors import Unavailable
from palyra_runtime import clock
from palyra_runtime.api.caller import needing
from palyra_runtime.api.faces import Faces
from palyra_runtime.api.job import Jobs
from palyra_runtime.api.operation import Operation, Progress
from palyra_runtime.api.parameters import PROGRESS
from palyra_runtime.api.result import told
from palyra_runtime.plain import plain

#: seconds after which a request is answered although the operation goes on
TIMEOUT_S = 120.0


class OperationTooSlow(Unavailable):
    """The operation takes long; it goes on, and its end will be in the log."""

    code = "OPERATION_TOO_SLOW"
    advice = "Do not repeat it before you have looked whether it was done."


class Desk:
    """Carries out operations, each in a thread of a bounded pool."""

    def __init__(self, faces: Faces, jobs: Jobs, threads: CapacityLimiter) -> None:
        self._faces = faces
        self._jobs = jobs
        self._threads = threads

    async def __call__(
        self, request: Request, operation: Operation, arguments: Mapping[str, Any]
    ) -> Response:
        """Carry out an operation and return its answer.

        Raises:
            NotAuthenticated, RoleTooLow: whoever asks may not.
            OperationTooSlow: it does not end in time.
            PalyraError: what the operation raises.
        """
        caller = needing(request.state.caller, operation.role)
        if operation.is_job:
            return self._begun(caller.token.holder, operation, arguments)
        work = partial(self._carried_out, caller.token.holder, operation, arguments)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                answer = await to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._threads)
        except TimeoutError as error:
            raise OperationTooSlow from error
        return JSONResponse(answer, media_type=operation.media_type)

    def _begun(self, actor: str, operation: Operation, arguments: Mapping[str, Any]) -> Response:
        def work(progress: Progress) -> Any:
            return self._carried_out(actor, operation, {**arguments, PROGRESS: progress})

        return JSONResponse(plain(self._jobs.begin(operation.name, actor, work)), 202)

    def _carried_out(self, actor: str, operation: Operation, arguments: Mapping[str, Any]) -> Any:
        noun = getattr(self._faces.of(actor), operation.noun)
        return told(operation, operation.call(noun, **arguments), arguments, clock.now())
