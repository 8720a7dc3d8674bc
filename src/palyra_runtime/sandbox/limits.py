"""How much one invocation may use."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from palyra_runtime.sandbox.shape import MEMORY_BYTES_MAX, TABLE_ELEMENTS_MAX

#: the engine counts fuel in 64 bits; half of that leaves room for sums
_FUEL_MAX = 2**63 - 1
_DAY_MS = 24 * 60 * 60 * 1000


class Limits(BaseModel):
    """The limits of one invocation, after policy, manifest and request were brought together.

    ``fuel_budget`` is in units of the engine: about one instruction each; 10 million last for some
    13 ms. ``max_memory_bytes`` bounds the guest's one memory, ``max_table_elements`` each of its
    tables. ``timeout_ms`` is wall-clock time and only a backstop behind the fuel. ``output_bytes_max``
    bounds what the guest writes as its output, ``transcript_bytes_max`` the sum of its requests to
    the host and their answers, ``log_bytes_max`` the sum of its log lines.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fuel_budget: Annotated[int, Field(ge=0, le=_FUEL_MAX)] = 10_000_000
    max_memory_bytes: Annotated[int, Field(ge=0, le=MEMORY_BYTES_MAX)] = 64 * 1024**2
    max_table_elements: Annotated[int, Field(ge=0, le=TABLE_ELEMENTS_MAX)] = 100_000
    max_instances: Annotated[int, Field(ge=0, le=10_000)] = 256
    timeout_ms: Annotated[int, Field(ge=1, le=_DAY_MS)] = 2_000
    output_bytes_max: Annotated[int, Field(ge=0, le=16 * 1024**2)] = 1024**2
    host_calls_max: Annotated[int, Field(ge=0, le=100_000)] = 256
    transcript_bytes_max: Annotated[int, Field(ge=0, le=64 * 1024**2)] = 4 * 1024**2
    log_lines_max: Annotated[int, Field(ge=0, le=100_000)] = 256
    log_bytes_max: Annotated[int, Field(ge=0, le=16 * 1024**2)] = 64 * 1024
