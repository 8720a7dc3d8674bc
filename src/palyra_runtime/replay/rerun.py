"""Running a recorded run again: from its module, input, limits, grants and transcript, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from pydantic import ValidationError

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.errors import LogDamaged
from palyra_events.invocation import LimitsRecord
from palyra_events.right import Right
from palyra_runtime.dispatch.answer import verdict
from palyra_runtime.dispatch.attempt import grant_set
from palyra_runtime.dispatch.guest import Run
from palyra_runtime.dispatch.tool_runner import judged
from palyra_runtime.replay.comparison import Comparison
from palyra_runtime.replay.course import SKEW
from palyra_runtime.replay.finding import Aspect, Difference, not_implied
from palyra_runtime.replay.material import Material, Missing, NotComparable, not_comparable_again
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import RecordedRun, RunKind, begun_at, said_by_hook
from palyra_runtime.replay.transcript import TranscriptBroker
from palyra_runtime.sandbox import Broker, Execution, Invocation, Limits, TooManyGrants

#: milliseconds. Fuel ends a guest that goes on and on; the clock must not, where it did not then.
TIMEOUT_MS = 300_000

#: limits and grants that are kept in memory; most runs of a log have the same few
_KEPT_MAX = 256


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of running a recorded run again; ``cause`` says why it could not be compared.

    ``input_cause`` says why its input could not be held against the log.
    """

    run: RecordedRun
    differences: tuple[Difference, ...] = ()
    cause: NotComparable | None = None
    input_cause: NotComparable | None = None

    def with_more(self, differences: tuple[Difference, ...]) -> Replayed:
        """Return the same with more differences, if there are any."""
        return replace(self, differences=(*self.differences, *differences)) if differences else self


class Rerunner:
    """Runs recorded runs again, and compares. Any number of threads may share it."""

    def __init__(self, run: Run, comparison: Comparison) -> None:
        self._run = run
        self._comparison = comparison
        self._limits = lru_cache(_KEPT_MAX)(_limits)

    def replay(self, material: Material | Missing) -> Replayed:
        """Run it again, and return in what it differs; nothing of it reaches the world.

        Raises:
            SandboxBusy, WorkerUnavailable, CompilerUnavailable: the host cannot run it now.
        """
        if isinstance(material, Missing):
            if not isinstance(material.cause, LogDamaged):
                return Replayed(material.run, cause=material.cause)
            return Replayed(material.run, (Difference(Aspect.BYTES, material.cause.message),))
        broker = TranscriptBroker(material.transcript)
        try:
            execution = self.execute(material, broker)
        except LogDamaged as damage:
            return Replayed(material.run, (Difference(Aspect.TERMS, damage.message),))
        if cause := not_comparable_again(execution.outcome):
            return Replayed(material.run, cause=cause)
        grants = grant_set(material.invocation.grants)
        found = self._comparison.exactly(material, execution, said_by(material, execution), grants)
        if broker.departure is not None:
            # All that came after it follows from an answer that nobody ever gave.
            found = [each for each in found if each.aspect is Aspect.HOST_CALLS]
        return Replayed(material.run, tuple(found))

    def execute(self, material: Material, broker: Broker) -> Execution:
        """Run the module on the recorded input, under the recorded terms.

        Raises:
            LogDamaged: these are no terms that anything could run under.
            SandboxBusy, WorkerUnavailable, CompilerUnavailable: the host cannot run it now.
        """
        recorded = material.invocation
        try:
            grants, limits = grant_set(recorded.grants), self._limits(recorded.limits)
        except (ValidationError, TooManyGrants) as error:
            raise LogDamaged("No run has such limits or grants.") from error
        invocation = Invocation(broker, material.input, recorded.entrypoint, grants, limits)
        return self._run(material.module, invocation)


def unlike_the_right(run: RecordedRun, past: Past) -> tuple[Difference, ...]:
    """Return in what the terms of a run are not those that the log gave its plugin a right to."""
    invocation = run.invocation
    if invocation is None:
        return ()
    right = past.right(invocation.plugin_id, invocation.as_of)
    if not isinstance(right, Right):
        message = f"As of position {invocation.as_of} the plugin had no right to run: {right}."
        return (Difference(Aspect.TERMS, message),)
    if elsewhere := _read_elsewhere(run, invocation.as_of):
        return elsewhere
    begun = begun_at(run.event, invocation.duration_us)
    later = past.overlooked(invocation.as_of, run.position, begun - SKEW)
    if later is not None and past.right(invocation.plugin_id, later) != right:
        message = (
            f"The right to run was read as of position {invocation.as_of}; position {later} had changed it."
        )
        return (Difference(Aspect.TERMS, message),)
    module, release, binding = right.module, right.release, right.binding
    granted = binding.grants if run.kind is not RunKind.ANSWER else PluginCapabilityProfile()
    found = [
        not_implied(Aspect.TERMS, "skill", invocation.skill_id, binding.skill_id),
        not_implied(Aspect.TERMS, "version", invocation.skill_version, release.version),
        not_implied(Aspect.TERMS, "module", invocation.module_path, module.path),
        not_implied(Aspect.TERMS, "SHA-256 of the module", invocation.module_sha256, module.sha256),
        not_implied(Aspect.TERMS, "entrypoint", invocation.entrypoint, binding.entrypoint),
        not_implied(Aspect.TERMS, "grants", _listed(invocation.grants), _listed(granted)),
    ]
    return tuple(each for each in found if each is not None)


def _read_elsewhere(run: RecordedRun, as_of: int) -> tuple[Difference, ...]:
    """Compare where the right was read with where it can have been; of attempts their course tells it."""
    found = None
    if run.kind is RunKind.ANSWER:
        found = not_implied(Aspect.TERMS, "as_of", as_of, run.event.as_of)
    elif run.kind is RunKind.TOOL_RUN and as_of >= run.position:
        found = Difference(Aspect.TERMS, f"The right to run was read as of position {as_of}, after the run.")
    return () if found is None else (found,)


def said_by(material: Material, execution: Execution) -> str:
    """Return what comes of a run: its outcome, or what the hook decides with it."""
    return _SAID[material.run.kind](material, execution)


def _outcome(_material: Material, execution: Execution) -> str:
    return execution.outcome


def _tool_outcome(material: Material, execution: Execution) -> str:
    assert material.output_schema is not None, "a tool has a schema"
    return judged(execution, material.output_schema)[0]


def _decision(material: Material, execution: Execution) -> str:
    run = material.run
    assert run.phase is not None, "an answer is one at a phase"
    found = verdict(run.phase, execution, run.on_failure)
    return said_by_hook(found.kind, found.outcome)


_SAID: Mapping[RunKind, Callable[[Material, Execution], str]] = MappingProxyType(
    {RunKind.ATTEMPT: _outcome, RunKind.TOOL_RUN: _tool_outcome, RunKind.ANSWER: _decision}
)


def _limits(recorded: LimitsRecord) -> Limits:
    return Limits(
        fuel_budget=recorded.fuel_units,
        max_memory_bytes=recorded.memory_bytes_max,
        max_table_elements=recorded.table_elements_max,
        max_instances=recorded.instances_max,
        timeout_ms=TIMEOUT_MS,
        output_bytes_max=recorded.output_bytes_max,
        host_calls_max=recorded.host_calls_max,
        transcript_bytes_max=recorded.transcript_bytes_max,
        log_lines_max=recorded.log_lines_max,
        log_bytes_max=recorded.log_bytes_max,
    )


def _listed(grants: PluginCapabilityProfile) -> str:
    """Return grants as one text, the same for the same grants whatever form they are decoded into."""
    classes = {
        "http": grants.http_hosts,
        "secret": grants.secrets,
        "storage": grants.storage_prefixes,
        "channel": grants.channels,
    }
    return "; ".join(f"{name} {', '.join(values)}" for name, values in classes.items() if values)
