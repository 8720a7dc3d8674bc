from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from palyra_events.application import Intent
from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import InvalidInput, ReasonRequired, UnknownBlob, UnknownPlugin
from palyra_events.tool_run import PluginInvoked
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.dispatch import (
    ApprovalRequired,
    Exclusion,
    PluginMayNotRun,
    RunnerDisabled,
    ToolCall,
    ToolInputRefused,
    ToolResult,
    ToolRunner,
)
from palyra_runtime.runner import AmbiguousTool, UnknownTool
from palyra_runtime.runner.tool_schema import UnsupportedToolSchema
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.stage import OPEN_POLICY, PLUGIN, SKILL, Stage, answering, asking, guest, unchanged

PUT = {"op": "storage.put", "handle": 30_000, "key": "n", "value": [1]}
SEND = {"op": "channel.send", "handle": 40_000, "message": {"text": "done"}}
TOOL = "acme.echo"
NOTHING: dict[str, Any] = {}
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}


def tool(tool_id: str = TOOL, **fields: Any) -> dict[str, Any]:
    """Return a tool as a manifest has it; any input and answer will do."""
    return {
        "id": tool_id,
        "name": "echo",
        "description": "Say it again",
        "input_schema": {},
        "output_schema": {},
        **fields,
    }


def ready(stage: Stage, module: bytes, *tools: dict[str, Any], **fields: Any) -> None:
    """Install and enable a skill with these tools, and bind its module."""
    stage.install(module, entrypoints={"tools": list(tools or [tool()])}, **fields)
    stage.palyra.skills.enable(SKILL)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL)


def run(stage: Stage, value: Any = NOTHING, **options: Any) -> ToolResult:
    """Run the plugin as a tool; the input is empty where it does not matter."""
    return stage.palyra.plugins.run(PLUGIN, input=value, **options)


@pytest.fixture
def open_stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage whose policy allows storage and a channel."""
    with Stage(f"sqlite:///{tmp_path / 'open.db'}", tmp_path, policy=OPEN_POLICY) as opened:
        yield opened


def test_a_run_is_one_event_with_all_that_happened(each_stage: Stage):
    """The answer is in the caller's hand, and who asked what, and what came of it, is in the log."""
    ready(
        each_stage,
        answering(3, '{"result":{"text":"hi"}}', "hello"),
        tool(input_schema=TEXT, output_schema=TEXT),
    )

    result = run(each_stage, {"text": "größer"}, reason="to see")

    assert (result.outcome, result.exit_code, result.result) == ("ok", 3, {"text": "hi"})
    assert (result.tool_id, result.logs) == (TOOL, [{"level": "info", "text": "hello"}])
    (event,) = each_stage.events(PluginInvoked)
    assert result.position == each_stage.log.head()
    assert (event.invocation_id, event.tool_id, event.outcome) == (result.invocation_id, TOOL, "ok")
    assert (event.actor, event.approved, event.invocation.exit_code) == ("operator:alice", False, 3)
    assert event.invocation.as_of == result.position - 1
    assert each_stage.document(event.invocation.output.sha256) == {"result": {"text": "hi"}}
    assert each_stage.document(event.invocation.input.sha256) == {
        "schema": 1,
        "invocation_id": result.invocation_id,
        "plugin_id": PLUGIN,
        "tool": {"id": TOOL, "input": {"text": "größer"}},
        "config": {},
    }


def test_two_runs_are_two_events(stage: Stage):
    """Each run has an id of its own."""
    ready(stage, answering())

    ids = [run(stage).invocation_id for _ in range(2)]

    assert [event.invocation_id for event in stage.events(PluginInvoked)] == ids
    assert len(set(ids)) == 2


def test_effects_are_in_the_event_of_the_run(open_stage: Stage):
    """What a tool stored and sent is there when the call returns, and the next run finds it."""
    open_stage.ready_with_effects(guest("tally"))

    texts = [run(open_stage).result["ok"]["value"] for _ in range(2)]

    assert texts == ["x", "xx"]
    assert [len(event.effects.storage) for event in open_stage.events(PluginInvoked)] == [1, 1]
    assert [row.path for row in open_stage.views.stored_values(PLUGIN)] == ["notes/n"]
    assert [row.channel for row in open_stage.views.messages()] == ["ops", "ops"]


def test_host_calls_come_with_the_answer(open_stage: Stage):
    """The caller sees what the event's transcript holds: each request, and what it was answered."""
    ready(open_stage, asking({"op": "clock.now"}, {"op": "nothing.known"}))

    result = run(open_stage)

    (event,) = open_stage.events(PluginInvoked)
    assert result.calls == open_stage.document(event.invocation.transcript.sha256)
    assert [json.loads(call["request"])["op"] for call in result.calls] == ["clock.now", "nothing.known"]
    assert result.memory_bytes_peak == event.invocation.memory_bytes_peak > 0


def test_views_built_anew_hold_the_effects_of_runs(open_stage: Stage):
    """What a tool stored and sent is folded from its event, as what a delivery did is."""
    open_stage.ready_with_effects(guest("tally"))
    run(open_stage)
    before = (open_stage.views.stored_values(PLUGIN), open_stage.views.messages())

    open_stage.palyra.projections.rebuild()

    assert (open_stage.views.stored_values(PLUGIN), open_stage.views.messages()) == before
    assert [len(rows) for rows in before] == [1, 1]


def test_a_tool_and_a_hook_share_what_they_store(open_stage: Stage):
    """A delivery goes on from where a tool run ended, and the other way round."""
    open_stage.ready_with_effects(guest("tally"))
    run(open_stage)
    open_stage.fire()
    open_stage.dispatcher().drain()

    result = run(open_stage)

    (delivered,) = open_stage.events(AttemptSucceeded)
    assert open_stage.document(delivered.invocation.output.sha256)["result"]["ok"]["value"] == "xx"
    assert result.result["ok"]["value"] == "xxx"


@pytest.mark.parametrize(("exit_code", "output_schema"), [(50, {}), (-1, {}), (0, {"type": "object"})])
def test_a_failed_run_has_no_effect(open_stage: Stage, exit_code, output_schema):
    """Whether the guest says so or its answer is not what the tool promises: nothing has happened."""
    open_stage.install(
        asking(PUT, SEND, exit_code=exit_code),
        entrypoints={"tools": [tool(output_schema=output_schema)]},
        capabilities={"filesystem": {"write_roots": ["notes"]}, "node_capabilities": ["ops"]},
    )
    open_stage.palyra.skills.enable(SKILL)
    open_stage.palyra.plugins.bind(PLUGIN, skill=SKILL, storage_prefixes=["notes"], channels=["ops"])

    result = run(open_stage)

    (event,) = open_stage.events(PluginInvoked)
    transcript = open_stage.document(event.invocation.transcript.sha256)
    assert [json.loads(each["answer"]) for each in transcript] == [{"ok": True}, {"ok": True}]
    assert not result.succeeded
    assert (event.effects.storage, event.effects.messages) == ((), ())
    assert (open_stage.views.stored_values(PLUGIN), open_stage.views.messages()) == ([], [])
    with pytest.raises(UnknownBlob):
        open_stage.log.blob(hashlib.sha256(b"[1]").digest())


@pytest.mark.parametrize(
    ("module", "outcome", "exit_code"),
    [
        ("unreachable", "trapped:unreachable", None),
        ("spin", "out_of_fuel", None),
    ],
)
def test_a_guest_that_fails_is_an_outcome(stage: Stage, module, outcome, exit_code):
    """A trap is no error of the caller: it is recorded and returned."""
    ready(stage, guest(module))

    result = run(stage)

    (event,) = stage.events(PluginInvoked)
    assert (result.outcome, result.exit_code, result.result) == (outcome, exit_code, None)
    assert (event.outcome, event.message, event.invocation.outcome) == (outcome, result.message, outcome)


def test_a_result_that_breaks_its_promise_is_bad_output(stage: Stage):
    """The run says what is wrong with the answer; the guest's own end is kept beside it."""
    ready(stage, answering(0, '{"result":{"text":5}}'), tool(output_schema=TEXT))

    result = run(stage)

    (event,) = stage.events(PluginInvoked)
    assert (event.outcome, event.invocation.outcome) == ("bad_output", "ok")
    assert (
        result.message == "The result does not follow the tool's output_schema: /text is not of type string."
    )
    assert result.output == {"result": {"text": 5}}


def test_no_result_is_null(stage: Stage):
    """A tool that promises nothing in particular may say nothing."""
    ready(stage, answering(), tool(output_schema={"type": "null"}))

    assert run(stage).succeeded


def test_a_failing_guest_owes_no_result(stage: Stage):
    """Who says that it failed is not measured by what a success would have to say."""
    ready(stage, answering(64, '{"result":"no"}'), tool(output_schema=TEXT))

    assert run(stage).outcome == "guest_failed"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"text": 5}, "/text is not of type string"),
        ({}, "lacks the property 'text'"),
        ({"text": "\ud800"}, "JSON"),
        (math.nan, "JSON"),
        ({1, 2}, "JSON"),
        ("x" * 460_000, "larger"),
    ],
)
def test_an_input_that_does_not_fit_runs_nothing(stage: Stage, value, place):
    """The caller is told where, and the log stays as it was."""
    ready(stage, answering(), tool(input_schema=TEXT))

    with unchanged(stage.log), pytest.raises(ToolInputRefused, match=place):
        run(stage, value)


def test_a_tool_is_found_by_its_id(stage: Stage):
    """Of several tools the caller names one."""
    ready(stage, guest("echo"), tool(), tool("acme.other"))

    result = run(stage, {}, tool="acme.other")

    assert result.tool_id == "acme.other"


def test_the_default_of_the_manifest_is_taken(stage: Stage):
    """Where none is named, it is the one that the manifest names."""
    ready(
        stage, answering(), tool(), tool("acme.other"), operator={"plugin": {"default_tool_id": "acme.other"}}
    )

    assert run(stage).tool_id == "acme.other"


@pytest.mark.parametrize(("asked", "error"), [(None, AmbiguousTool), ("acme.none", UnknownTool)])
def test_a_tool_that_is_not_clear_runs_nothing(stage: Stage, asked, error):
    """The message names the tools that there are."""
    ready(stage, answering(), tool(), tool("acme.other"))

    with unchanged(stage.log), pytest.raises(error, match=r"acme\.echo, acme\.other"):
        run(stage, tool=asked)


@pytest.mark.parametrize("risk", [{"requires_approval": True}, {"default_sensitive": True}])
def test_a_risky_tool_needs_an_approval(stage: Stage, risk):
    """Nothing runs until somebody allows this run, and says why; then the log says who did."""
    ready(stage, answering(), tool(risk=risk))
    with unchanged(stage.log), pytest.raises(ApprovalRequired):
        run(stage, reason="just so")
    with unchanged(stage.log), pytest.raises(ReasonRequired):
        run(stage, approve=True, reason=" ")

    run(stage, approve=True, reason="asked for in ticket 81")

    (event,) = stage.events(PluginInvoked)
    assert event.approved
    assert stage.palyra.events.newest(1)[0].reason == "asked for in ticket 81"


@pytest.mark.parametrize("reason", ["x" * 5_000, "\ud800"])
def test_a_reason_that_cannot_be_kept_runs_nothing(stage: Stage, reason):
    """What could not be recorded does not begin."""
    ready(stage, answering())
    opened: list[object] = []
    runner = ToolRunner(
        log=stage.log,
        application=stage.application,
        artifacts=Artifacts(stage.log),
        host=lambda *names: opened.append(names),
        policy=stage.policy,
        exclusion=Exclusion(stage.leases, stage.lost),
        entropy=bytes,
    )

    with unchanged(stage.log), pytest.raises(InvalidInput):
        runner.run(ToolCall(PLUGIN, None, {}), Intent("operator:alice", reason))

    assert opened == []


def test_an_id_that_no_event_could_hold_is_no_tool(stage: Stage):
    """A manifest can say more than the log keeps; then nothing runs."""
    ready(stage, answering(), tool(f"acme.{'x' * 600}"))

    with unchanged(stage.log), pytest.raises(UnknownTool):
        run(stage)


@pytest.mark.parametrize(
    "schemas", [{"input_schema": {"$ref": "https://example.com"}}, {"output_schema": {"type": 1}}]
)
def test_schemas_that_cannot_be_checked_run_nothing(stage: Stage, schemas):
    """A promise that nobody can hold the plugin to is refused before it runs."""
    ready(stage, answering(), tool(**schemas))

    with unchanged(stage.log), pytest.raises(UnsupportedToolSchema):
        run(stage)


def test_a_plugin_that_is_not_bound_is_unknown(stage: Stage):
    """The id is read as all ids are, and then it is not there."""
    with unchanged(stage.log), pytest.raises(UnknownPlugin, match="echo"):
        stage.palyra.plugins.run(" ECHO ", input={})


def test_a_skill_that_is_not_enabled_runs_nothing(stage: Stage):
    """The right to run is the one that deliveries need."""
    ready(stage, answering())
    stage.palyra.skills.quarantine(SKILL, reason="looks odd")

    with unchanged(stage.log), pytest.raises(PluginMayNotRun) as raised:
        run(stage)

    assert raised.value.details == {"plugin_id": PLUGIN, "cause": "skill_quarantined"}


def test_the_operators_switch_holds(stage: Stage):
    """Where the policy lets nothing run, no tool does either."""
    ready(stage, answering())
    closed = stage.open("closed", policy=WasmPluginRunnerPolicy(enabled=False))

    with unchanged(stage.log), pytest.raises(RunnerDisabled):
        closed.plugins.run(PLUGIN, input={})


def test_grants_that_are_allowed_no_more_are_a_denied_run(open_stage: Stage):
    """A policy that was tightened after the binding stops the guest, and that is on record."""
    open_stage.ready_with_effects(asking(PUT))
    strict = open_stage.open("strict", policy=WasmPluginRunnerPolicy())

    result = strict.plugins.run(PLUGIN, input={})

    (event,) = open_stage.events(PluginInvoked)
    assert (result.outcome, event.outcome) == ("denied", "denied")
    assert "channels: ops" in event.message
    assert "storage_prefixes: notes" in event.message
