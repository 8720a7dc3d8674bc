"""What is about to run for a plugin: the module, its terms, and whether anything forbids it.

Deliveries and tool runs come together here, so that the same limits, grants and refusals hold for both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from palyra_events.errors import InvalidInput, NotAllowed, UnknownBlob
from palyra_events.right import Right
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities import Caller
from palyra_runtime.dispatch.attempt import Terms
from palyra_runtime.dispatch.guest_config import guest_config
from palyra_runtime.sandbox import Broker, Execution, Invocation, WasmPluginRunnerPolicy
from palyra_runtime.skills import Artifact, Manifest, denied_capabilities
from palyra_runtime.skills.plugin_config import ConfigState

#: runs a module on an input, as `Sandbox.invoke` does
Run: TypeAlias = Callable[[bytes, Invocation], Execution]


class NotRunnable(StrEnum):
    """Why a plugin with the right to run cannot: bytes are not to be had, or its configuration is not fit."""

    #: they are not kept any more
    ARTIFACT_ERASED = "artifact_erased"
    #: this version of Palyra does not open what an older one installed
    ARTIFACT_REFUSED = "artifact_refused"
    #: what its operator set is not kept any more
    CONFIG_ERASED = "config_erased"
    #: the states of a configuration that no guest is to run with
    CONFIG_MISSING = "config_missing"
    CONFIG_INVALID = "config_invalid"
    CONFIG_REQUIRES_MIGRATION = "config_requires_migration"


#: guests that are remembered, each with its module
_FOUND_MAX = 16


@dataclass(frozen=True, slots=True)
class Guest:
    """What is about to run; ``denied`` names capabilities that its grants have and nobody allows.

    ``config`` is what it is told of its operator's choices.
    """

    manifest: Manifest
    terms: Terms
    module: bytes
    denied: tuple[str, ...]
    config: Mapping[str, Any]

    @property
    def exclusive_key(self) -> str | None:
        """The key under which its attempts are made one after the other, None where they need not be."""
        return self.terms.right.exclusive_key

    def caller(self, work_id: str) -> Caller:
        """Return who asks when this guest asks its host, in this delivery or tool run."""
        right = self.terms.right
        return Caller(right.plugin_id, self.terms.grant_set, work_id, right.binding.secret_hosts)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a right to run, as one look at the log has told it, came to."""

    right: Right
    as_of: int
    guest: Guest | NotRunnable


class Guests:
    """Finds what a plugin runs, and runs it."""

    def __init__(self, artifacts: Artifacts, policy: WasmPluginRunnerPolicy, run: Run) -> None:
        self._artifacts = artifacts
        self._policy = policy
        self._run = run
        self._found: dict[int, _Found] = {}

    def find(self, right: Right, as_of: int) -> Guest | NotRunnable:
        """Return what to run, or why what was installed cannot be run any more, or not as it is configured.

        One release that nobody can open must not hold up what others have to do. What one look at the log
        has told of a plugin is looked into once, however many of its deliveries were looked up together.

        Raises:
            LogDamaged: the bytes are not those that were installed.
        """
        found = self._found.get(id(right))
        if found is None or found.right is not right or found.as_of != as_of:
            if len(self._found) >= _FOUND_MAX:
                self._found.clear()
            found = self._found[id(right)] = _Found(right, as_of, self._look_into(right, as_of))
        return found.guest

    def _look_into(self, right: Right, as_of: int) -> Guest | NotRunnable:
        artifact = self._open(right)
        if isinstance(artifact, NotRunnable):
            return artifact
        config = self._config(right, artifact.manifest)
        if isinstance(config, NotRunnable):
            return config
        quotas = artifact.manifest.capabilities.quotas
        limits = self._policy.limits(
            fuel_budget=quotas.fuel_budget,
            max_memory_bytes=quotas.max_memory_bytes,
            timeout_ms=quotas.wall_clock_timeout_ms,
        )
        terms = Terms(right=right, grants=right.binding.grants, limits=limits, as_of=as_of)
        module = self._artifacts.module(right.release.facts.artifact, right.module)
        denied = denied_capabilities(artifact.manifest, terms.grants, self._policy.allowed)
        return Guest(artifact.manifest, terms, module, denied, config)

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

    def _config(self, right: Right, manifest: Manifest) -> Mapping[str, Any] | NotRunnable:
        try:
            config = guest_config(right.binding, right.release, manifest, self._artifacts.content)
        except UnknownBlob:
            return NotRunnable.CONFIG_ERASED
        return NotRunnable(f"config_{config}") if isinstance(config, ConfigState) else config

    def _open(self, right: Right) -> Artifact | NotRunnable:
        try:
            return self._artifacts.open(right.release.facts.artifact)
        except UnknownBlob:
            return NotRunnable.ARTIFACT_ERASED
        except (InvalidInput, NotAllowed):
            return NotRunnable.ARTIFACT_REFUSED
