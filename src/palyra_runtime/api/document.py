"""The JSON document that a request brings: read in one way, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import HTTPException
from fastapi.routing import APIRoute

from palyra_events.strict_json import InvalidJson, parse_json
from palyra_runtime.api.body import BODY_MAX

#: parameters of one operation; no operation takes as many
_PARAMETERS_MAX = 100


class DocumentRequest(Request):
    """A request whose document no other reader reads otherwise.

    What the standard leaves open would be recorded as what was said: half of a surrogate pair, which no
    database keeps, the last of two equal keys, or ``NaN``, which no document can give back.
    """

    async def json(self) -> Any:
        """Return the document.

        Raises:
            HTTPException: 400, it can be read in more than one way or in none, or is that of no operation.
        """
        try:
            document = parse_json(await self.body(), size_max=BODY_MAX)
        except InvalidJson as error:
            raise HTTPException(400, error.message.rstrip(".")) from error
        if isinstance(document, dict) and len(document) > _PARAMETERS_MAX:
            # To tell of each of 100,000 that it is unknown would take seconds.
            raise HTTPException(400, f"There are more than {_PARAMETERS_MAX} parameters")
        return document


class DocumentRoute(APIRoute):
    """A route whose requests bring a document, or nothing."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await handler(DocumentRequest(request.scope, request.receive))

        return handle
