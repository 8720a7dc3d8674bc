from __future__ import annotations

import base64
import json
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import palyra_runtime
from palyra_events.errors import InvalidInput, LogDamaged, PalyraError, UnknownBlob
from palyra_runtime.capabilities import HostBroker
from palyra_runtime.runner import (
    InvalidRunRequest,
    QuotaExceeded,
    RunnerDisabled,
    RuntimeFailure,
    SkillNotEnabled,
    WasmPluginRunnerPolicy,
    execute_module,
    run_resolved_wasm_plugin,
    run_wasm_plugin,
)
from palyra_runtime.runner.request import RunRequest
from palyra_runtime.runner.resolution import ResolvedModule
from palyra_runtime.sandbox import HOST_CAPABILITIES_IMPORT_MODULE, CapabilityGrantSet, Limits
from tests.documents import blocks
from tests.stage import NOON, SKILL, Stage, answering, guest

SECOND = timedelta(seconds=1)
INLINE = WasmPluginRunnerPolicy(allow_inline_modules=True)


def inline(module: bytes, **fields: object) -> str:
    """Return a request that brings a module along."""
    return json.dumps({"module_base64": base64.b64encode(module).decode(), **fields})


def test_the_default_policy_runs_no_inline_module():
    """Who sets nothing up is on the safe side."""
    with pytest.raises(InvalidRunRequest, match="allow_inline_modules"):
        run_wasm_plugin(WasmPluginRunnerPolicy(), inline(answering()), SECOND)


def test_a_run_leaves_what_the_guest_said():
    """Beside the reference's report there is the whole execution: output, log lines, fuel."""
    run = run_wasm_plugin(INLINE, inline(answering(3, '{"result":1}', "hello")), SECOND)

    assert (run.exit_code, run.execution.document, run.entrypoint) == (3, {"result": 1}, "palyra_plugin_main")
    assert [line.text for line in run.execution.logs] == ["hello"]
    assert run.output_json()["duration_ms"] == run.execution.duration_ms


def test_a_guest_asks_the_broker_that_is_given():
    """Who embeds the runner decides who answers host calls."""
    broker = HostBroker(lambda: NOON, bytes)

    run = run_wasm_plugin(INLINE, inline(guest("ask_clock")), SECOND, broker=broker)

    assert b"2026-03-01T12:00:00.000Z" in run.execution.transcript[0].answer


def test_no_service_stands_behind_a_handle():
    """Outside the log a granted capability can be counted, and not be used."""
    asks = guest("ask")

    execution = execute_module(asks, grants=CapabilityGrantSet(storage_prefixes=("notes",)))

    assert [b"error" in exchange.answer for exchange in execution.transcript] == [True] * len(
        execution.transcript
    )


@pytest.mark.parametrize("timeout", [timedelta(), timedelta(seconds=-1)])
def test_no_time_is_no_timeout(timeout):
    """A timeout that no guest could keep is the caller's mistake."""
    with pytest.raises(InvalidRunRequest):
        run_wasm_plugin(INLINE, inline(answering()), timeout)


def test_a_fraction_of_a_millisecond_is_rounded_up():
    """The shortest timeout is one millisecond, not none."""
    resolved = ResolvedModule(answering(), "inline_module")

    run = run_resolved_wasm_plugin(INLINE, resolved, timedelta(milliseconds=999.0001))

    assert run.exit_code == 0


@pytest.mark.parametrize("module", [b"", b"\0asm", b"(module", b"\xff\xfe"])
def test_a_module_that_is_none_is_bad_input(module):
    """Whatever the bytes are, the caller is told, and nothing else happens."""
    with pytest.raises(InvalidInput):
        run_resolved_wasm_plugin(INLINE, ResolvedModule(module, "inline_module"), SECOND)


def test_a_resolved_module_is_not_run_where_nothing_runs():
    """The operator's switch holds for every way in."""
    off = WasmPluginRunnerPolicy(enabled=False)

    with pytest.raises(RunnerDisabled):
        run_resolved_wasm_plugin(off, ResolvedModule(answering(), "inline_module"), SECOND)


def test_execute_module_names_what_stopped_the_guest():
    """The error carries the outcome as the log would have it."""
    with pytest.raises(QuotaExceeded) as raised:
        execute_module(guest("spin"), limits=Limits(fuel_budget=1_000))

    assert raised.value.details == {"outcome": "out_of_fuel"}


def test_an_enabled_skill_is_run_from_the_log(stage: Stage):
    """Without a version it is the enabled release; the request's id is read as all ids are."""
    stage.install(answering(7))
    stage.palyra.skills.enable(SKILL)

    run = run_wasm_plugin(
        stage.policy, json.dumps({"skill_id": " ACME.echo "}), SECOND, installed=stage.palyra.installed
    )

    assert run.exit_code == 7
    assert run.output_json()["skill"] == {
        "skill_id": SKILL,
        "version": "1.0.0",
        "module_path": "modules/plugin.wasm",
        "tool_id": None,
    }


@pytest.mark.parametrize("version", [None, "1.0.0"])
def test_a_skill_that_is_not_enabled_does_not_run(stage: Stage, version):
    """Installing is not enough, whether or not a version is named."""
    stage.install(answering())
    request = json.dumps({"skill_id": SKILL, "skill_version": version})

    with pytest.raises(SkillNotEnabled, match=SKILL):
        run_wasm_plugin(stage.policy, request, SECOND, installed=stage.palyra.installed)


@pytest.mark.parametrize(
    "request_fields", [{"skill_id": "acme.other"}, {"skill_id": SKILL, "skill_version": "9.0.0"}]
)
def test_what_is_not_installed_is_bad_input(stage: Stage, request_fields):
    """The runner speaks of its six kinds: a skill that is not there is a request that is off."""
    stage.install(answering())
    stage.palyra.skills.enable(SKILL)

    with pytest.raises(InvalidRunRequest):
        run_wasm_plugin(stage.policy, json.dumps(request_fields), SECOND, installed=stage.palyra.installed)


class Forgetful:
    """A place where the bytes of skills are gone, or are others than were installed."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def artifact(self, skill_id, version):
        raise self.error


def test_erased_bytes_are_a_failure_and_no_fault_of_the_request():
    """An artifact that somebody had removed is told as such."""
    gone = Forgetful(UnknownBlob("The bytes are gone."))

    with pytest.raises(RuntimeFailure, match="gone"):
        run_wasm_plugin(INLINE, '{"skill_id": "acme.echo"}', SECOND, installed=gone)


def test_damage_is_never_taken_for_bad_input():
    """Bytes that are not those that were installed raise the alarm that they are."""
    with pytest.raises(LogDamaged):
        run_wasm_plugin(INLINE, '{"skill_id": "acme.echo"}', SECOND, installed=Forgetful(LogDamaged()))


def test_the_names_of_the_reference_are_found_at_the_top():
    """Users of such systems import what they know from the package."""
    assert palyra_runtime.run_wasm_plugin is run_wasm_plugin
    assert palyra_runtime.HOST_CAPABILITIES_IMPORT_MODULE == HOST_CAPABILITIES_IMPORT_MODULE


def test_the_documented_request_runs():
    """Who copies the example out of the documentation gets what it says."""
    (example,) = [block for block in blocks("tool-runs", "python") if block.startswith("from datetime ")]
    *setup, call = example.strip().splitlines()
    names: dict[str, object] = {}

    exec("\n".join(setup), names)

    assert (eval(call, names), call.partition("#")[2].strip()) == (7, "7")


REQUESTS = st.dictionaries(
    st.sampled_from([*RunRequest.model_fields, "other"]),
    st.none()
    | st.text(max_size=8)
    | st.integers()
    | st.dictionaries(st.sampled_from(["secrets", "x"]), st.lists(st.text())),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(request=st.binary(max_size=64) | st.text(max_size=64) | REQUESTS.map(json.dumps))
def test_any_request_is_run_or_refused(request):
    """Whatever somebody sends, the answer is one of our errors, and never another."""
    with suppress(PalyraError):
        run_wasm_plugin(INLINE, request, SECOND)
