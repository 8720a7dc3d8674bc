"""A request to run a module, as the tool ``palyra.plugin.run`` takes it: read, then checked in order.

The order of the checks is the reference's, so that a request with several mistakes is refused for
the same one.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, FailFast, Strict, ValidationError

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.strict_json import parse_object
from palyra_runtime.runner.errors import InvalidRunRequest
from palyra_runtime.sandbox import WasmPluginRunnerPolicy

#: bytes of a request, inline module included
REQUEST_BYTES_MAX = 448 * 1024

#: the operator's switch, as the refusal names it
INLINE_SWITCH = "policy.allow_inline_modules"

_ENTRYPOINT = re.compile(r"[a-z0-9_-]+")
_NOT_BLANK = ("skill_id", "skill_version", "module_path", "tool_id")

Values = Annotated[tuple[str, ...], Strict(strict=False), FailFast()]


class RequestedCapabilities(BaseModel):
    """What the guest shall be granted, as it was asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    http_hosts: Values = ()
    secrets: Values = ()
    storage_prefixes: Values = ()
    channels: Values = ()

    def profile(self) -> PluginCapabilityProfile:
        """Return it in the type that policies and manifests speak."""
        return PluginCapabilityProfile(**self.model_dump())


class RunRequest(BaseModel):
    """What to run: a module of an installed skill, or one that the request brings along.

    ``module_base64`` is a module in binary or in text form, ``module_wat`` one in text form. Without
    ``entrypoint`` it is ``palyra_plugin_main``, and ``run`` where that is absent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    skill_id: str | None = None
    skill_version: str | None = None
    module_path: str | None = None
    tool_id: str | None = None
    module_wat: str | None = None
    module_base64: str | None = None
    entrypoint: str | None = None
    capabilities: RequestedCapabilities = RequestedCapabilities()

    @property
    def is_inline(self) -> bool:
        """True where the request brings its module along."""
        return self.module_wat is not None or self.module_base64 is not None


def parse_request(input_json: bytes | str) -> RunRequest:
    """Return the request that a JSON document is.

    Raises:
        InvalidJson: it is no JSON object, or larger than `REQUEST_BYTES_MAX`.
        InvalidRunRequest: a field is unknown or of the wrong type; the message names it.
    """
    document = parse_object(input_json, size_max=REQUEST_BYTES_MAX)
    try:
        return RunRequest.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(step) for step in first["loc"])[:160]
        raise InvalidRunRequest(f"{field}: {first['msg']}.", field=field) from error


def check_request(request: RunRequest, policy: WasmPluginRunnerPolicy) -> None:
    """Check that a request says in one way what is to be run, and that the policy lets it say so.

    Raises:
        InvalidRunRequest: it does not.
    """
    for field in _NOT_BLANK:
        value = getattr(request, field)
        if value is not None and not value.strip():
            raise InvalidRunRequest(f"{field} must not be blank.", field=field)
    if request.is_inline:
        _check_inline(request, policy)
    elif request.skill_id is None:
        raise InvalidRunRequest("The request names no skill_id and brings no module_wat or module_base64.")


def inline_module(request: RunRequest) -> bytes:
    """Return the module that an inline request brings along, in binary or text form.

    Raises:
        InvalidRunRequest: it is not valid base64.
    """
    if request.module_base64 is None:
        return (request.module_wat or "").encode()
    try:
        return base64.b64decode(request.module_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRunRequest("module_base64 is not valid base64.", field="module_base64") from error


def requested_entrypoint(request: RunRequest) -> str | None:
    """Return the export that a request names, None for the default.

    Raises:
        InvalidRunRequest: it is blank, or has other characters than ``a-z 0-9 _ -``.
    """
    if request.entrypoint is None:
        return None
    name = request.entrypoint.strip()
    if not _ENTRYPOINT.fullmatch(name):
        raise InvalidRunRequest(
            f"entrypoint {name[:160]!r} must have characters of a-z 0-9 _ - only.", field="entrypoint"
        )
    return name


def _check_inline(request: RunRequest, policy: WasmPluginRunnerPolicy) -> None:
    if not policy.allow_inline_modules:
        raise InvalidRunRequest(f"Inline modules are not allowed: {INLINE_SWITCH} is false.")
    for field in ("module_path", "tool_id"):
        if getattr(request, field) is not None:
            raise InvalidRunRequest(
                f"{field} names a part of a skill; an inline module is of none.", field=field
            )
    if request.module_wat is not None and request.module_base64 is not None:
        raise InvalidRunRequest("Give module_wat or module_base64, not both.")
