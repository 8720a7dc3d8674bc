"""What is about to run for a plugin: the module, its terms, and whether anything forbids it.

Deliveries and tool runs come together here, so that the same limits, grants and refusals hold for both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from palyra_events.errors import InvalidInput, NotAllowed, UnknownBlob
from palyra_events.right import Right
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities import Caller
from palyra_runtime.dispatch.attempt import Terms
from palyra_runtime.sandbox import Broker, Execution, Invocation, WasmPluginRunnerPolicy
from palyra_runtime.skills import Artifact, Manifest, denied_capabilities

#: runs a module on an input, as `Sandbox.invoke` does
Run: TypeAlias = Callable[[bytes, Invocation], Execution]


class NotRunnable(StrEnum):
    """Why a plugin with the right to run cannot: the bytes that were installed are not to be had."""

    #: they are not kept any more
    ARTIFACT_ERASED = "artifact_erased"
    #: this version of Palyra does not open what an older one installed
    ARTIFACT_REFUSED = "artifact_refused"


@dataclass(frozen=True, slots=True)
class Guest:
    """What is about to run; ``denied`` names capabilities that its grants have and nobody allows."""

    manifest: Manifest
    terms: Terms
    module: bytes
    denied: tuple[str, ...]

    def caller(self, work_id: str) -> Caller:
        """Return who asks when this guest asks its host, in this delivery or tool run."""
        right = self.terms.right
        return Caller(right.plugin_id, self.terms.grant_set, work_id, right.binding.secret_hosts)


class Guests:
    """Finds what a plugin runs, and runs it."""

    def __init__(self, artifacts: Artifacts, policy: WasmPluginRunnerPolicy, run: Run) -> None:
        self._artifacts = artifacts
        self._policy = policy
        self._run = run

    def find(self, right: Right, as_of: int) -> Guest | NotRunnable:
        """Return what to run, or why the bytes that were installed cannot be run any more.

        One release that nobody can open must not hold up what others have to do.

        Raises:
            LogDamaged: the bytes are not those that were installed.
        """
        artifact = self._open(right)
        if isinstance(artifact, NotRunnable):
            return artifact
        quotas = artifact.manifest.capabilities.quotas
        limits = self._policy.limits(
            fuel_budget=quotas.fuel_budget,
            max_memory_bytes=quotas.max_memory_bytes,
            timeout_ms=quotas.wall_clock_timeout_ms,
        )
        terms = Terms(right=right, grants=right.binding.grants, limits=limits, as_of=as_of)
        module = self._artifacts.module(right.release.facts.artifact, right.module)
        denied = denied_capabilities(artifact.manifest, terms.grants, self._policy.allowed)
        return Guest(artifact.manifest, terms, module, denied)

    def run(self, guest: Guest, document: bytes, broker: Broker) -> Execution:
        """Run a guest on its input and return how that ended; ``broker`` answers its host calls."""
        if guest.denied:
            return Execution("denied", f"These capabilities are not allowed: {', '.join(guest.denied)}.")
        if len(guest.module) > self._policy.max_module_size_bytes:
            return Execution("denied", "The module is larger than the policy allows.")
        return self._run(
            guest.module,
            Invocation(
                broker=broker,
                input=document,
                entrypoint=guest.terms.right.binding.entrypoint,
                grants=guest.terms.grant_set,
                limits=guest.terms.limits,
            ),
        )

    def _open(self, right: Right) -> Artifact | NotRunnable:
        try:
            return self._artifacts.open(right.release.facts.artifact)
        except UnknownBlob:
            return NotRunnable.ARTIFACT_ERASED
        except (InvalidInput, NotAllowed):
            return NotRunnable.ARTIFACT_REFUSED
