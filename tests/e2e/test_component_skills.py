"""A component on its whole way: packed, audited, bound, run by a hook, by an agent and by a program."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from palyra_events.delivery import AttemptSucceeded
from palyra_events.skill import SkillAudited
from palyra_events.tool_run import PluginInvoked
from palyra_runtime import Palyra
from palyra_runtime.runner import QuotaExceeded, WasmPluginRunnerPolicy, run_wasm_plugin
from palyra_runtime.sandbox import Form, InvalidModule, fingerprint
from palyra_runtime.sdk import demo_key, pack_sample
from palyra_runtime.skills.errors import ArtifactEntryTooLarge
from tests.component_guests import component
from tests.stage import HOOK, OPEN_POLICY, SKILL, Stage

INLINE = WasmPluginRunnerPolicy(allow_inline_modules=True)
SECOND = timedelta(seconds=1)
PUT = '{"op":"storage.put","handle":30000,"key":"seen","value":1}'
SEND = '{"op":"channel.send","handle":40000,"message":"seen"}'
#: keeps a note and sends a message
KEEPING = f"""(call $call (i32.const 100) (i32.const {len(PUT)}) (i32.const 8))
  (call $call (i32.const 200) (i32.const {len(SEND)}) (i32.const 8)) (i32.const 0)"""


def text_of(request: str) -> str:
    return request.replace('"', '\\"')


def keeping() -> bytes:
    """A component with two effects."""
    data = f'(data (i32.const 100) "{text_of(PUT)}") (data (i32.const 200) "{text_of(SEND)}")'
    return component(KEEPING, before=data)


@pytest.fixture(params=["thread", "process"])
def palyra(request, tmp_path) -> Iterator[Palyra]:
    """A home of its own, with the sample that is a component installed, enabled and bound."""
    (tmp_path / "palyra.toml").write_text(f'isolation = "{request.param}"')
    artifact = tmp_path / "witness.palyra-skill"
    artifact.write_bytes(pack_sample("witness", demo_key()))
    with Palyra.open(f"sqlite:///{tmp_path}/palyra.db", home=tmp_path) as opened:
        opened.skills.install(artifact, trust_on_first_use=True)
        opened.skills.enable("acme.witness")
        opened.plugins.bind("witness", skill="acme.witness")
        yield opened


@pytest.fixture
def stage(tmp_path) -> Iterator[Stage]:
    with Stage(f"sqlite:///{tmp_path}/palyra.db", tmp_path, policy=OPEN_POLICY) as opened:
        yield opened


def findings(stage: Stage, check_id: str) -> list[str]:
    """What the last audit said of a check that failed."""
    report = stage.document(stage.events(SkillAudited)[-1].report.sha256)
    checks = [*report["checks"], *report["host_checks"]]
    return [each["message"] for each in checks if (each["check_id"], each["status"]) == (check_id, "fail")]


def inline(data: bytes) -> str:
    return json.dumps({"module_base64": base64.b64encode(data).decode()})


def test_a_hook_runs_a_component(palyra):
    """Something happens, and the delivery's outcome is what the component made of it."""
    palyra.hooks.bind("watch", event="gateway:startup", plugin="witness")
    palyra.gateway.run_once()

    (delivery,) = palyra.deliveries()
    assert (delivery.state, delivery.outcome) == ("succeeded", "ok")


def test_an_agent_runs_a_component(palyra):
    """Its answer follows the tool's schema."""
    run = palyra.plugins.run("witness", input={"what": "a light"})

    assert (run.outcome, run.result["saw"]) == ("ok", "a light")


def test_effects_of_a_component_are_in_the_event_of_its_outcome(stage):
    """What it stored and sent is recorded with its success, and its engine is named."""
    stage.ready_with_effects(keeping(), hook=HOOK)
    stage.scheduled()
    stage.palyra.dispatch.drain()

    (event,) = stage.events(AttemptSucceeded)
    assert (len(event.effects.storage), len(event.effects.messages)) == (1, 1)
    assert event.invocation.engine == fingerprint(Form.COMPONENT)


def test_a_tool_run_of_a_component_is_recorded_with_its_engine(stage):
    """An auditor sees on what it ran."""
    stage.ready_with_effects(keeping())
    stage.palyra.plugins.run("echo", input={})

    (event,) = stage.events(PluginInvoked)
    assert event.invocation.engine == fingerprint(Form.COMPONENT)


def test_a_component_that_asks_for_wasi_is_quarantined_with_a_way_out(stage):
    """Its audit says how it is to be built."""
    data = component(
        "(i32.const 0)", extra='(import "wasi:cli/exit@0.2.0" (instance (export "exit" (func))))'
    )
    stage.install(data)

    (message,) = findings(stage, "host_contract")
    assert stage.palyra.skills.show(SKILL)[0].state == "quarantined"
    assert message.endswith("Build it with stubs in its place: componentize-py componentize --stub-wasi.")


def test_a_program_runs_a_component_that_it_brings_along():
    """The runner takes either form, and names the entrypoint by its usual name."""
    run = run_wasm_plugin(INLINE, inline(component("(i32.const 3)", export="palyra-plugin-main")), SECOND)

    assert (run.exit_code, run.entrypoint) == (3, "palyra_plugin_main")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (component("(i32.const 0)", extra='(import "x" (func))'), InvalidModule),
        (component("(loop $l (br $l)) (i32.const 0)"), QuotaExceeded),
    ],
    ids=["link", "fuel"],
)
def test_a_component_that_fails_is_the_runners_error(data, error):
    """The reference's kinds of failure hold for components too."""
    with pytest.raises(error):
        run_wasm_plugin(INLINE, inline(data), SECOND)


def test_a_component_too_large_for_an_artifact_is_told_its_size(stage):
    """Whoever packs it learns by how much, before anybody installs it."""
    large = component("(i32.const 0)") + b"\0\x81\x80\x80\x08\0" + bytes(16 * 1024**2)

    with pytest.raises(
        ArtifactEntryTooLarge, match=r"modules/plugin.wasm has \d+ bytes; 16777216 are allowed"
    ):
        stage.pack(large)


def test_a_component_larger_than_the_policy_allows_is_quarantined_with_both_sizes(stage):
    """An operator who wants it sees what to write into the configuration."""
    padding = b"\0\x81\x80\x80\x04\0" + bytes(8 * 1024**2)
    stage.install(component("(i32.const 0)") + padding)

    (message,) = findings(stage, "wasm_module_size_limit")
    assert stage.palyra.skills.show(SKILL)[0].state == "quarantined"
    assert re.fullmatch(r"modules/plugin.wasm has 8\d{6} bytes; 8388608 are allowed.", message)


def test_a_policy_that_allows_more_is_a_policy_for_the_audit_too(tmp_path: Path):
    """One setting says how large a module may be, when it is installed and when it runs."""
    policy = WasmPluginRunnerPolicy(max_module_size_bytes=16 * 1024**2)
    padding = b"\0\x81\x80\x80\x04\0" + bytes(8 * 1024**2)
    with Stage(f"sqlite:///{tmp_path}/palyra.db", tmp_path, policy=policy) as stage:
        stage.ready(component("(i32.const 0)") + padding)
        stage.scheduled()
        stage.palyra.dispatch.drain()

        assert [delivery.outcome for delivery in stage.palyra.deliveries()] == ["ok"]
