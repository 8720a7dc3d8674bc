"""What the operator allows all plugins together."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_runtime.sandbox.limits import Limits

Positive = Annotated[int, Field(gt=0)]


class WasmPluginRunnerPolicy(BaseModel):
    """The operator's ceiling over every plugin; a manifest can only ask for less.

    ``enabled`` is true by default: nothing runs before an operator installs a skill, enables it and
    binds a plugin, so a second switch would say nothing new. It is there to stop everything at once.
    ``max_memory_bytes`` is also the memory that the engine sets aside, so a larger one is a decision.
    ``http_origins`` allow other schemes and ports than ``https://HOST:443``. A release is quarantined
    after ``faults_max`` sandbox faults.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    allow_inline_modules: bool = False
    max_module_size_bytes: Positive = 8 * 1024**2
    fuel_budget: Positive = 10_000_000
    max_memory_bytes: Annotated[int, Field(gt=0, le=64 * 1024**2)] = 64 * 1024**2
    max_table_elements: Annotated[int, Field(gt=0, le=100_000)] = 100_000
    max_instances: Positive = 256
    timeout_ms: Positive = 2_000
    output_bytes_max: Positive = 1024**2
    host_calls_max: Positive = 256
    allowed_http_hosts: tuple[str, ...] = ()
    allowed_secrets: tuple[str, ...] = ()
    allowed_storage_prefixes: tuple[str, ...] = ()
    allowed_channels: tuple[str, ...] = ()
    http_origins: tuple[str, ...] = ()
    attempts_max: Positive = 5
    faults_max: Positive = 10

    @property
    def allowed(self) -> PluginCapabilityProfile:
        """The capabilities that any plugin may be granted."""
        return PluginCapabilityProfile(
            http_hosts=self.allowed_http_hosts,
            secrets=self.allowed_secrets,
            storage_prefixes=self.allowed_storage_prefixes,
            channels=self.allowed_channels,
        )

    def limits(
        self,
        *,
        fuel_budget: int | None = None,
        max_memory_bytes: int | None = None,
        timeout_ms: int | None = None,
    ) -> Limits:
        """Return the limits of an invocation: the smaller of this policy's and the ones asked for."""
        return Limits(
            fuel_budget=_smaller(self.fuel_budget, fuel_budget),
            max_memory_bytes=_smaller(self.max_memory_bytes, max_memory_bytes),
            max_table_elements=self.max_table_elements,
            max_instances=self.max_instances,
            timeout_ms=_smaller(self.timeout_ms, timeout_ms),
            output_bytes_max=self.output_bytes_max,
            host_calls_max=self.host_calls_max,
        )


def _smaller(ceiling: int, asked: int | None) -> int:
    return ceiling if asked is None else min(ceiling, asked)
