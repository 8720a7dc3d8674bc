"""Running a module on request, under a policy, outside the log.

    request ─> checked ─> resolved ─> size, capabilities, limits ─> executed ─> report
       └── run_wasm_plugin ──┴──── run_resolved_wasm_plugin ──┴── execute_module

Nothing is recorded, and behind the handles stands no service: a guest that uses one is told
``unavailable``. What shall have effects and leave a trace goes through `Palyra.plugins`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.errors import CapabilityDenied
from palyra_runtime import clock
from palyra_runtime.capabilities import HostBroker
from palyra_runtime.runner.capability_names import normalize_capabilities
from palyra_runtime.runner.errors import (
    InvalidRunRequest,
    QuotaExceeded,
    RunnerDisabled,
    run_error,
)
from palyra_runtime.runner.request import check_request, parse_request, requested_entrypoint
from palyra_runtime.runner.resolution import (
    InstalledSkills,
    ResolvedModule,
    resolve_inline,
    resolve_installed,
)
from palyra_runtime.sandbox import (
    DEFAULT_ENTRYPOINTS,
    Broker,
    CapabilityGrantSet,
    Execution,
    InvalidModule,
    Invocation,
    Limits,
    WasmPluginRunnerPolicy,
    entrypoint_problem,
    invoke,
)
from palyra_runtime.skills import Artifact, denied_values

_MILLISECOND = timedelta(milliseconds=1)


class _NoSkills:
    """Where nothing is installed: only inline modules can be run."""

    def artifact(self, skill_id: str, version: str | None) -> Artifact:
        release = f"{skill_id} {version or ''}".strip()
        raise InvalidRunRequest(f"{release[:160]!r} is not installed.", skill_id=skill_id)


@dataclass(frozen=True, slots=True)
class PluginRun:
    """A run that came to its end, whatever the guest returned."""

    execution: Execution
    entrypoint: str
    resolved: ResolvedModule
    grants: CapabilityGrantSet

    @property
    def exit_code(self) -> int:
        """What the guest returned."""
        assert self.execution.exit_code is not None, "a run without one is an error, not a PluginRun"
        return self.execution.exit_code

    def output_json(self) -> dict[str, Any]:
        """Return the report in the reference's form. It tells no secret's name, and none of its handles."""
        handles = self.grants.handles()
        return {
            "exit_code": self.exit_code,
            "entrypoint": self.entrypoint,
            "duration_ms": self.execution.duration_ms,
            "resolved_from": self.resolved.resolved_from,
            "skill": self.resolved.skill_document(),
            "capabilities": {
                "http_handles": handles["http"],
                "secret_handles_count": len(handles["secret"]),
                "storage_handles": handles["storage"],
                "channel_handles": handles["channel"],
                "granted_http_hosts": list(self.grants.http_hosts),
                "granted_storage_prefixes": list(self.grants.storage_prefixes),
                "granted_channels": list(self.grants.channels),
            },
        }


def run_wasm_plugin(
    policy: WasmPluginRunnerPolicy,
    input_json: bytes | str,
    timeout: timedelta,
    *,
    installed: InstalledSkills | None = None,
    broker: Broker | None = None,
) -> PluginRun:
    """Run what a request asks for, and return how that ended.

        run = run_wasm_plugin(policy, '{"module_wat": "(module …)"}', timedelta(seconds=1))
        run.exit_code, run.output_json()

    ``installed`` finds the skills that a request names, such as `Palyra.installed`; without it,
    only inline modules can be run. ``broker`` answers the guest's host calls; by default it knows
    the clock and randomness.

    Raises:
        RunnerDisabled: the policy lets nothing run.
        InvalidInput: the request is not well-formed, names what there is not, or brings a module that
            does not compile, link or have the entrypoint.
        NotAllowed: the release that it names may not run.
        CapabilityDenied: it asks for capabilities that policy or manifest do not allow.
        QuotaExceeded: the module is larger, or needs more, than is allowed.
        TimedOut: the guest did not end in time.
        RuntimeFailure: the guest trapped, or its module is not kept any more.
        LogDamaged: the module is not the one that was installed.
    """
    if not policy.enabled:
        raise RunnerDisabled
    request = parse_request(input_json)
    check_request(request, policy)
    # An inline module is decoded before the entrypoint is looked at, a skill is fetched after it.
    inline = resolve_inline(request) if request.is_inline else None
    entrypoint = requested_entrypoint(request)
    return run_resolved_wasm_plugin(
        policy,
        inline or resolve_installed(request, installed or _NoSkills()),
        timeout,
        entrypoint=entrypoint,
        capabilities=request.capabilities.profile(),
        broker=broker,
    )


def run_resolved_wasm_plugin(  # noqa: PLR0913 - what a run depends on, each by its name
    policy: WasmPluginRunnerPolicy,
    resolved: ResolvedModule,
    timeout: timedelta,
    *,
    entrypoint: str | None = None,
    capabilities: PluginCapabilityProfile | None = None,
    broker: Broker | None = None,
) -> PluginRun:
    """Run a module that was found already, with what was requested and the smallest of all limits.

    Raises:
        RunnerDisabled, InvalidInput, CapabilityDenied, QuotaExceeded, TimedOut, RuntimeFailure: as
            `run_wasm_plugin`.
    """
    if not policy.enabled:
        raise RunnerDisabled
    _check_size(resolved.content, policy.max_module_size_bytes)
    requested = normalize_capabilities(capabilities or PluginCapabilityProfile())
    _check_capabilities(requested, resolved.declared, normalize_capabilities(policy.allowed))
    grants = CapabilityGrantSet(
        http_hosts=requested.http_hosts,
        secret_keys=requested.secrets,
        storage_prefixes=requested.storage_prefixes,
        channels=requested.channels,
    )
    module = resolved.binary()
    name = entrypoint or _default_entrypoint(module)
    limits = _limits(policy, resolved, timeout)
    execution = execute_module(module, entrypoint=name, grants=grants, limits=limits, broker=broker)
    assert name is not None, "a module without an entrypoint does not run"
    return PluginRun(execution, name, resolved, grants)


def execute_module(
    module: bytes,
    *,
    entrypoint: str | None = None,
    grants: CapabilityGrantSet | None = None,
    limits: Limits | None = None,
    broker: Broker | None = None,
) -> Execution:
    """Run a module in binary form in a fresh instance. Whatever the guest returns is a success.

    Raises:
        InvalidModule: it does not compile, link or have the entrypoint.
        QuotaExceeded, TimedOut, RuntimeFailure: the guest did not return.
    """
    execution = invoke(
        module,
        Invocation(
            broker=broker or HostBroker(clock.now, clock.entropy),
            entrypoint=entrypoint,
            grants=grants or CapabilityGrantSet(),
            limits=limits or Limits(),
        ),
    )
    if execution.kind is not None:
        raise run_error(execution.kind, execution.message, execution.outcome)
    return execution


def _check_size(content: bytes, most: int) -> None:
    if not content:
        raise InvalidModule("The module is empty.")
    if len(content) > most:
        raise QuotaExceeded(f"The module has {len(content):,} bytes; {most:,} are allowed.")


def _check_capabilities(
    requested: PluginCapabilityProfile,
    declared: PluginCapabilityProfile | None,
    allowed: PluginCapabilityProfile,
) -> None:
    # An inline module has no manifest: it declares what is requested for it.
    denied = denied_values(requested if declared is None else declared, requested, allowed)
    if denied:
        raise CapabilityDenied(f"Not declared or not allowed: {', '.join(denied)}.", denied=list(denied))


def _default_entrypoint(module: bytes) -> str | None:
    """Return the name that is called where none is asked for; None where the module has neither."""
    found = (name for name in DEFAULT_ENTRYPOINTS if entrypoint_problem(module, name) is None)
    return next(found, None)


def _limits(policy: WasmPluginRunnerPolicy, resolved: ResolvedModule, timeout: timedelta) -> Limits:
    if timeout <= timedelta():
        raise InvalidRunRequest("The timeout must be longer than nothing.")
    timeout_ms = math.ceil(timeout / _MILLISECOND)
    quotas = resolved.quotas
    if quotas is None:
        return policy.limits(timeout_ms=timeout_ms)
    return policy.limits(
        fuel_budget=quotas.fuel_budget,
        max_memory_bytes=quotas.max_memory_bytes,
        timeout_ms=min(timeout_ms, quotas.wall_clock_timeout_ms),
    )
