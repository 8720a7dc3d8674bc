"""Tool runs: an agent calls a plugin as a tool, and has its answer when the call returns.

    call ─> right to run ─> tool ─> approval ─> input checked ─> guest ─> output checked ─> recorded
            └───── refused: an error, and nothing is recorded ───┘

From the moment that a guest may run, whatever happens is an outcome and is recorded, as with the
attempts of deliveries: same terms, same host, same record.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from palyra_events.application import Application, Intent
from palyra_events.errors import InvalidInput, NotAllowed, UnknownPlugin
from palyra_events.right import Refusal
from palyra_events.store import EventLog
from palyra_events.strict_json import parse_json
from palyra_events.tool_run import SUCCESS, ToolRun, check_approval
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities import HostOpener
from palyra_runtime.dispatch.attempt import call_records, log_records, record
from palyra_runtime.dispatch.exclusion import Exclusion, PluginBusy
from palyra_runtime.dispatch.guest import Guest, Guests, NotRunnable, Run
from palyra_runtime.dispatch.input import tool_input
from palyra_runtime.dispatch.lease import Lease
from palyra_runtime.runner import RunnerDisabled
from palyra_runtime.runner.tool import default_tool, manifest_tool
from palyra_runtime.runner.tool_schema import ToolSchema
from palyra_runtime.sandbox import Execution, WasmPluginRunnerPolicy, invoke
from palyra_runtime.sandbox.outcome import BAD_OUTPUT
from palyra_runtime.skills.manifest import Tool

#: bytes of the input of a tool, as JSON
INPUT_BYTES_MAX = 448 * 1024

#: random bytes of a run's id
_ID_SIZE = 16


class ApprovalRequired(NotAllowed):
    """The tool runs only if somebody approves this run."""

    code = "APPROVAL_REQUIRED"
    advice = "Look at the tool and its input, then run it again with --approve --reason TEXT."


class PluginMayNotRun(NotAllowed):
    """The plugin has no right to run at the moment."""

    code = "PLUGIN_MAY_NOT_RUN"
    advice = "Look at its skill with: palyra skill show SKILL"


class ToolInputRefused(InvalidInput):
    """The input is not what the tool takes."""

    code = "TOOL_INPUT_REFUSED"
    advice = "Follow the tool's input_schema: the message says where the input does not."


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What is asked of which plugin; without ``tool_id``, of the skill's default tool, or its only one."""

    plugin_id: str
    tool_id: str | None
    input: Any
    approved: bool = False


@dataclass(frozen=True, slots=True)
class ToolResult:
    """How a tool run went: recorded at ``position``.

    ``output`` is the whole document that the guest wrote, None where it wrote none or a broken one;
    ``result`` is the answer in it. Only where ``outcome`` is ``ok`` does it follow the tool's schema,
    and have the run's effects happened. ``calls`` are the host calls in their order, each with its answer.
    """

    invocation_id: str
    position: int
    plugin_id: str
    tool_id: str
    outcome: str
    message: str
    exit_code: int | None
    output: dict[str, Any] | None
    logs: list[dict[str, str]]
    calls: list[dict[str, Any]]
    fuel_units: int
    memory_bytes_peak: int
    duration_us: int

    @property
    def succeeded(self) -> bool:
        """True where the plugin did what it was asked."""
        return self.outcome == SUCCESS

    @property
    def result(self) -> Any:
        """The answer of the tool, None where it gave none."""
        return None if self.output is None else self.output.get("result")


class ToolRunner:
    """Runs plugins as tools, one call after the other."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        log: EventLog,
        application: Application,
        artifacts: Artifacts,
        host: HostOpener,
        policy: WasmPluginRunnerPolicy,
        exclusion: Exclusion,
        entropy: Callable[[int], bytes],
        run: Run = invoke,
    ) -> None:
        self._log = log
        self._exclusion = exclusion
        self._application = application
        self._guests = Guests(artifacts, policy, run)
        self._host = host
        self._policy = policy
        self._entropy = entropy

    def run(self, call: ToolCall, intent: Intent) -> ToolResult:
        """Run a tool and record how that went.

        Raises:
            RunnerDisabled: the policy lets nothing run.
            UnknownPlugin: there is no such plugin.
            PluginMayNotRun: its skill is not enabled, or its module is not the one that was bound.
            UnknownTool, AmbiguousTool: the skill has no such tool, or several.
            ApprovalRequired: the tool asks for an approval, and there is none.
            ReasonRequired, ReasonTooLong: there is one, and it does not say why, or too much.
            UnsupportedToolSchema: the tool's schemas cannot be checked.
            ToolInputRefused: the input does not follow the tool's schema.
            PluginBusy: the plugin stores values or shows a surface, and its deliveries or other runs did not
                end in time.
            PluginTakenOver: this process was still for so long that others went on with the plugin.
        """
        if not self._policy.enabled:
            raise RunnerDisabled
        self._application.check_intent(intent)
        key = self._application.plugin(call.plugin_id).exclusive_key
        if key is None:
            return self._run(call, intent, None)
        with self._exclusion.of(key, call.plugin_id) as lease:
            return self._run(call, intent, lease)

    def _run(self, call: ToolCall, intent: Intent, lease: Lease | None) -> ToolResult:
        guest = self._guest(call.plugin_id)
        if guest.exclusive_key is not None and lease is None:
            raise PluginBusy(f"Plugin {call.plugin_id} was just bound anew.", plugin_id=call.plugin_id)
        tool = (
            default_tool(guest.manifest)
            if call.tool_id is None
            else manifest_tool(guest.manifest, call.tool_id)
        )
        _check_approval(tool, call, intent)
        value = _checked_input(tool, call.input)
        return self._invoke(guest, _Work(call, tool, value, ToolSchema(tool.output_schema), lease), intent)

    def _guest(self, plugin_id: str) -> Guest:
        """Return what the plugin runs, as of the head of the log."""
        as_of = self._log.head()
        right = self._application.right_to_run(plugin_id, as_of)
        if right is Refusal.PLUGIN_UNBOUND:
            raise UnknownPlugin(f"Plugin {plugin_id} is not bound.", plugin_id=plugin_id)
        guest = right if isinstance(right, Refusal) else self._guests.find(right, as_of)
        if isinstance(guest, Refusal | NotRunnable):
            raise PluginMayNotRun(
                f"Plugin {plugin_id} may not run: {guest.replace('_', ' ')}.",
                plugin_id=plugin_id,
                cause=str(guest),
            )
        return guest

    def _invoke(self, guest: Guest, work: _Work, intent: Intent) -> ToolResult:
        invocation_id = self._entropy(_ID_SIZE).hex()
        document = tool_input(invocation_id, work.call.plugin_id, work.tool.id, work.input, guest.config)
        host = self._host(guest.caller(invocation_id))
        execution = self._guests.run(guest, document, host.broker)
        host.effects.show(execution.document)
        outcome, message = judged(execution, work.output_schema)
        invocation, blobs = record(guest.terms, execution, document)
        run = ToolRun(
            invocation_id=invocation_id,
            tool_id=work.tool.id,
            approved=work.call.approved,
            outcome=outcome,
            message=message,
            invocation=invocation,
            effects=host.effects.effects(),
        )
        kept = [*blobs, *(host.effects.blobs() if run.succeeded else ())]
        if work.lease is not None:
            self._exclusion.check(work.lease)
        commit = self._application.record_tool_run(run, intent, kept)
        return _result(run, work.call.plugin_id, execution, commit.head)


@dataclass(frozen=True, slots=True)
class _Work:
    """A call whose tool is found and whose input is checked; a plugin with storage is run under a lease."""

    call: ToolCall
    tool: Tool
    input: Any
    output_schema: ToolSchema
    lease: Lease | None


def _check_approval(tool: Tool, call: ToolCall, intent: Intent) -> None:
    check_approval(approved=call.approved, has_reason=bool(intent.reason and intent.reason.strip()))
    if tool.risk.needs_approval and not call.approved:
        raise ApprovalRequired(f"Tool {tool.id} runs only with an approval.", tool_id=tool.id)


def _checked_input(tool: Tool, value: Any) -> Any:
    """Return the input as JSON has it; what is checked is what the guest is given."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        read = parse_json(text.encode(), size_max=INPUT_BYTES_MAX)
    except InvalidInput as error:
        raise ToolInputRefused(error.message, tool_id=tool.id) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise ToolInputRefused("The input is no JSON value.", tool_id=tool.id) from error
    problem = ToolSchema(tool.input_schema).problem(read)
    if problem:
        raise ToolInputRefused(
            f"The input does not follow the schema of {tool.id}: {problem}.", tool_id=tool.id
        )
    return read


def judged(execution: Execution, output_schema: ToolSchema) -> tuple[str, str]:
    """Return outcome and message: a guest that ended well must have answered what the tool promises."""
    if execution.outcome != SUCCESS:
        return execution.outcome, execution.message
    problem = output_schema.problem((execution.document or {}).get("result"))
    if problem:
        return BAD_OUTPUT, f"The result does not follow the tool's output_schema: {problem}."
    return SUCCESS, ""


def _result(run: ToolRun, plugin_id: str, execution: Execution, position: int) -> ToolResult:
    return ToolResult(
        invocation_id=run.invocation_id,
        position=position,
        plugin_id=plugin_id,
        tool_id=run.tool_id,
        outcome=run.outcome,
        message=run.message,
        exit_code=execution.exit_code,
        output=execution.document,
        logs=log_records(execution.logs),
        calls=call_records(execution.transcript),
        fuel_units=execution.fuel_units,
        memory_bytes_peak=execution.memory_bytes_peak,
        duration_us=execution.duration_us,
    )
