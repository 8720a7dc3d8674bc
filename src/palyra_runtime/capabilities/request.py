"""What a guest asks for, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.sandbox.text import plain_text


class Asked(BaseModel):
    """What is in a request beside ``op`` and ``handle``; anything else is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


AskedT = TypeVar("AskedT", bound=Asked)


def understood(form: type[AskedT], request: Mapping[str, Any]) -> AskedT:
    """Return the request in the form that its operation takes.

    Raises:
        Refused: ``bad_request``: it has another form.
    """
    try:
        return form.model_validate(dict(request))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = plain_text(".".join(str(part) for part in first["loc"][:2]))
        raise Refused("bad_request", f"The request is refused: {place}: {first['msg']}.") from None
