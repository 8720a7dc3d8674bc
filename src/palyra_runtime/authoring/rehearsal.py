"""A rehearsal: one run of a module on a fixture, in the sandbox, with nobody else on the stage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from palyra_events.errors import PalyraError
from palyra_runtime.authoring.errors import InvalidFixture
from palyra_runtime.authoring.fixture import Fixture
from palyra_runtime.authoring.stand_in import StandIn
from palyra_runtime.capabilities import EffectCollector
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.dispatch.attempt import log_records
from palyra_runtime.runner.tool import manifest_tool
from palyra_runtime.runner.tool_schema import ToolSchema
from palyra_runtime.sandbox import CapabilityGrantSet, Execution, Invocation, Sandbox, WasmPluginRunnerPolicy
from palyra_runtime.sandbox.outcome import BAD_OUTPUT, OK
from palyra_runtime.skills import Manifest, declared_capabilities


@dataclass(frozen=True, slots=True)
class Answer:
    """What a plugin does with a fixture; the same module does the same each time.

    ``storage`` and ``messages`` are what would have happened, had the run been real; nothing does
    where it is no success.
    """

    outcome: str
    exit_code: int | None
    output: dict[str, Any] | None
    logs: list[dict[str, str]]
    host_calls: list[dict[str, Any]]
    storage: list[dict[str, Any]]
    messages: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a rehearsal went, and what it cost: fuel in units, memory at its peak, time without compiling."""

    name: str
    answer: Answer
    message: str
    fuel_units: int
    fuel_budget: int
    memory_bytes_peak: int
    duration_us: int


class Theatre:
    """Rehearses one module of a skill, with the limits that its manifest and the default policy give."""

    def __init__(self, sandbox: Sandbox, manifest: Manifest, module: bytes) -> None:
        self._sandbox = sandbox
        self._manifest = manifest
        self._module = module
        quotas = manifest.capabilities.quotas
        self._limits = WasmPluginRunnerPolicy().limits(
            fuel_budget=quotas.fuel_budget,
            max_memory_bytes=quotas.max_memory_bytes,
            timeout_ms=quotas.wall_clock_timeout_ms,
        )

    def rehearse(self, name: str, fixture: Fixture) -> Rehearsal:
        """Run the module on a fixture.

        Raises:
            InvalidFixture: the fixture's host could not be one, or its tool is not one of the skill's.
            SandboxBusy, WorkerUnavailable, CompilerUnavailable: the host cannot run it now.
        """
        try:
            schema = self._output_schema(fixture)
            stage = StandIn(fixture)
        except (PalyraError, Refused) as error:
            raise InvalidFixture(f"Fixture {name} cannot be tried: {error.message}", name=name) from error
        execution = self._run(fixture, stage)
        outcome, message = _judged(execution, schema)
        return Rehearsal(
            name=name,
            answer=_answer(outcome, execution, stage.effects),
            message=message,
            fuel_units=execution.fuel_units,
            fuel_budget=self._limits.fuel_budget,
            memory_bytes_peak=execution.memory_bytes_peak,
            duration_us=execution.duration_us,
        )

    def _run(self, fixture: Fixture, stage: StandIn) -> Execution:
        grants = fixture.grants or declared_capabilities(self._manifest)
        invocation = Invocation(
            broker=stage.broker,
            input=fixture.input(),
            entrypoint=self._manifest.entrypoint,
            grants=CapabilityGrantSet(
                http_hosts=grants.http_hosts,
                secret_keys=grants.secrets,
                storage_prefixes=grants.storage_prefixes,
                channels=grants.channels,
            ),
            limits=self._limits,
        )
        return self._sandbox.invoke(self._module, invocation)

    def _output_schema(self, fixture: Fixture) -> ToolSchema | None:
        """Return what the answer of a tool has to follow, once its input was found in order."""
        if fixture.tool is None:
            return None
        tool = manifest_tool(self._manifest, fixture.tool.id)
        problem = ToolSchema(tool.input_schema).problem(fixture.tool.input)
        if problem:
            raise InvalidFixture(f"The input does not follow the schema of {tool.id}: {problem}.")
        return ToolSchema(tool.output_schema)


def _judged(execution: Execution, schema: ToolSchema | None) -> tuple[str, str]:
    """Return outcome and message; as in a real run, the result of a tool has to follow its schema."""
    if schema is None or execution.outcome != OK:
        return execution.outcome, execution.message
    problem = schema.problem((execution.document or {}).get("result"))
    if problem is None:
        return execution.outcome, execution.message
    return BAD_OUTPUT, f"The result does not follow the tool's output_schema: {problem}."


def _answer(outcome: str, execution: Execution, effects: EffectCollector) -> Answer:
    happens = outcome == OK
    return Answer(
        outcome=outcome,
        exit_code=execution.exit_code,
        output=execution.document,
        logs=log_records(execution.logs),
        host_calls=[
            {"request": _read(each.request), "answer": _read(each.answer)} for each in execution.transcript
        ],
        storage=list(_writes(effects)) if happens else [],
        messages=list(_messages(effects)) if happens else [],
    )


def _read(document: bytes) -> Any:
    """Return JSON as it is told to people; what is none, as text."""
    try:
        return json.loads(document)
    except ValueError:
        return document.decode(errors="replace")


def _writes(effects: EffectCollector) -> Iterator[dict[str, Any]]:
    for write in effects.effects().storage:
        value = None if write.value is None else _read(effects.content(write.value) or b"")
        yield {"path": write.path, "value": value, "deleted": write.value is None}


def _messages(effects: EffectCollector) -> Iterator[dict[str, Any]]:
    for each in effects.effects().messages:
        yield {"channel": each.channel, "message": _read(effects.content(each.message) or b"")}
