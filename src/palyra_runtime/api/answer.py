"""What a client is told when something did not work: always the same four parts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from palyra_events.errors import NotFound, PalyraError
from palyra_runtime.plain import plain

#: the status of an answer, by the exit code that the command line has for the same error
STATUSES: Mapping[int, int] = MappingProxyType({1: 422, 2: 400, 3: 404, 4: 403, 5: 409, 6: 422, 7: 503})
_INTERNAL = 500


class Told(BaseModel):
    """What went wrong, in the words of the command line's JSON errors."""

    code: str
    message: str
    advice: str
    details: dict[str, Any]


class ErrorAnswer(BaseModel):
    """The answer to a request that did not do what it asked for."""

    error: Told


class InternalMistake(PalyraError):
    """Palyra made a mistake."""

    code = "INTERNAL"
    advice = "Look at the log lines of the gateway, and report what they say."
    exit_code = 70


class UnknownPath(NotFound):
    """There is nothing at this path, or not for this method."""

    code = "UNKNOWN_PATH"
    advice = "See what there is in /api/v1/openapi.json."


def refusal(
    error: PalyraError, status: int | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return the answer that tells an error."""
    chosen = STATUSES.get(error.exit_code, _INTERNAL) if status is None else status
    return JSONResponse(
        ErrorAnswer(error=told_error(error)).model_dump(mode="json"), chosen, dict(headers or {})
    )


def told_error(error: PalyraError) -> Told:
    """Return an error in the words of the command line's JSON errors."""
    return Told(
        code=error.code,
        message=error.message,
        advice=error.advice,
        details={name: _detail(value) for name, value in error.details.items()},
    )


def _detail(value: object) -> object:
    try:
        return plain(value)
    except TypeError:
        return str(value)
