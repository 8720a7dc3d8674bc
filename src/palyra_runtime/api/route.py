"""A route of the web framework, made of a row of the table."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Annotated, Any, TypeAlias

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter, ValidationError

from palyra_events.token import Role
from palyra_runtime.api.answer import ErrorAnswer
from palyra_runtime.api.caller import needing
from palyra_runtime.api.document import DocumentRoute
from palyra_runtime.api.job import Job
from palyra_runtime.api.operation import API, JSON_TYPE, Operation
from palyra_runtime.api.parameters import UPLOAD, Parameters
from palyra_runtime.api.result import result_type

#: carries an operation out for whoever asked
Desk: TypeAlias = Callable[[Request, Operation, Mapping[str, Any]], Awaitable[Response]]

#: the statuses of answers that tell an error, and what they mean
_REFUSALS = {
    400: "The request has not the form that is asked for.",
    401: "Nobody knows who is asking.",
    403: "It is not allowed.",
    404: "What was named does not exist.",
    409: "The state has moved on, or forbids this.",
    413: "The request is too large.",
    422: "A check found something wrong, or a guest failed.",
    429: "Too many requests.",
    503: "It cannot be done at the moment.",
}
_PARAMETERS = "parameters"
#: where the document tells the role that is needed
_ROLE = "x-role"
#: what the document says of a body that is an artifact
_UPLOADED = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class GuardedRoute(DocumentRoute):
    """A route that asks for the role first: who may not do something is not told what it would take."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handler, role = super().get_route_handler(), Role((self.openapi_extra or {})[_ROLE])

        async def guarded(request: Request) -> Response:
            needing(request.state.caller, role)
            return await handler(request)

        return guarded


def route(operation: Operation) -> GuardedRoute:
    """Return the route of an operation; the application that has it keeps its desk in ``state``."""
    parameters = Parameters(operation)

    async def endpoint(request: Request, **given: Any) -> Response:
        others = given.pop(_PARAMETERS, None)
        arguments = parameters.arguments(given, others)
        if parameters.has_upload:
            arguments[UPLOAD] = await request.body()
        desk: Desk = request.app.state.desk
        return await desk(request, operation, arguments)

    # The framework reads the signature that a function says it has.
    vars(endpoint)["__signature__"] = _signature(operation, parameters)
    return GuardedRoute(
        API + operation.path,
        endpoint,
        methods=[operation.verb],
        operation_id=operation.name,
        name=operation.name,
        summary=operation.summary,
        tags=[operation.noun],
        status_code=202 if operation.is_job else 200,
        **_answer(operation),
        openapi_extra={_ROLE: operation.role.value, **(_UPLOADED if parameters.has_upload else {})},
    )


def _answer(operation: Operation) -> dict[str, Any]:
    """Return what the document says of the answers."""
    answers: dict[int, Any] = {
        status: {"model": ErrorAnswer, "description": said} for status, said in _REFUSALS.items()
    }
    kind = result_type(operation)
    if operation.is_job:
        # It takes its parameter when the program runs.
        generic: Any = Job
        kind = generic[kind]
    if operation.media_type == JSON_TYPE:
        return {"response_model": kind, "responses": answers}
    # The framework would say of errors too that they have this type.
    answers[200] = {"content": {operation.media_type: {"schema": TypeAdapter(kind).json_schema()}}}
    return {"response_model": None, "response_class": Response, "responses": answers}


def _signature(operation: Operation, parameters: Parameters) -> inspect.Signature:
    """Return the signature by which the framework knows what to read from where."""
    kind = inspect.Parameter.KEYWORD_ONLY
    found = [inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)]
    found += [
        inspect.Parameter(name, kind, annotation=Annotated[hint, Path()])
        for name, hint in parameters.in_path.items()
    ]
    if parameters.model is not None:
        is_body = operation.is_write and not parameters.has_upload
        place = Body() if is_body else Query()
        default = _default(parameters.model) if is_body else inspect.Parameter.empty
        found.append(
            inspect.Parameter(
                _PARAMETERS, kind, default=default, annotation=Annotated[parameters.model, place]
            )
        )
    return inspect.Signature(found)


def _default(model: Any) -> Any:
    """Return what a request without a body says, where it may have none."""
    try:
        return model()
    except ValidationError:
        return inspect.Parameter.empty
