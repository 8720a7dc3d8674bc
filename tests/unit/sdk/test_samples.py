from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palyra_runtime import sandbox
from palyra_runtime.authoring import (
    Theatre,
    difference,
    fixture_names,
    open_project,
    read_build,
    read_fixture,
)
from palyra_runtime.capabilities import HostBroker
from palyra_runtime.runner.tool_schema import schema_problem
from palyra_runtime.sandbox import (
    Execution,
    Invocation,
    Limits,
    component_shape,
    default_sandbox,
    entrypoint_problem,
    invoke,
    link_problems,
    module_shape,
)
from palyra_runtime.skills import (
    Artifact,
    AuditHost,
    AuditPolicy,
    AuditReport,
    RunLimits,
    SigningKey,
    TrustDecision,
    audit_artifact,
    build_artifact,
    manifest_warnings,
    open_artifact,
    parse_manifest,
)

SDK = Path(__file__).parents[3] / "src" / "palyra_runtime" / "sdk"
SAMPLES = SDK / "samples"
GREETER = SAMPLES / "greeter" / "modules" / "greeter.wasm"
NOTIFIER = SAMPLES / "notifier" / "modules" / "notifier.wasm"
HOSTILE = SAMPLES / "hostile" / "modules" / "hostile.wasm"
SPIN = SAMPLES / "runaway" / "modules" / "spin.wasm"
GROW = SAMPLES / "runaway" / "modules" / "grow.wasm"
WITNESS = SAMPLES / "witness" / "modules" / "witness.wasm"
ALL_MODULES = sorted(path for path in SAMPLES.glob("*/modules/*.wasm") if path != WITNESS)
ALL_SAMPLES = sorted(path.parent for path in SAMPLES.glob("*/skill.toml"))
NINE_O_CLOCK = datetime(2026, 1, 31, 9, tzinfo=UTC)


def by_name(path: Path) -> str:
    return path.stem


def event(kind: str = "skill:enabled", position: int = 12, **payload: object) -> dict[str, object]:
    timestamp, actor = "2026-01-31T09:00:00Z", "operator:7f3a"
    return {"kind": kind, "position": position, "timestamp": timestamp, "actor": actor, "payload": payload}


def hook_input(about: dict[str, object], *, ensure_ascii: bool = False) -> bytes:
    ids = {"delivery_id": "12:greet", "attempt": 1, "hook_id": "greet", "plugin_id": "greeter"}
    document = {"schema": 1, **ids, "event": about, "config": {}}
    return json.dumps(document, ensure_ascii=ensure_ascii).encode()


def tool_input(tool_id: str, **values: object) -> bytes:
    ids = {"delivery_id": "run:1", "attempt": 1, "plugin_id": "sample"}
    return json.dumps({"schema": 1, **ids, "tool": {"id": tool_id, "input": values}, "config": {}}).encode()


def quarantine(reasons: object) -> dict[str, object]:
    return event("skill:quarantined", 31, skill_id="acme.hostile", version="1.0.0", reasons=reasons)


def run_guest(module: Path, input_bytes: bytes = b"", **limits: int) -> Execution:
    broker = HostBroker(lambda: NINE_O_CLOCK, bytes)
    return invoke(module.read_bytes(), Invocation(broker, input_bytes, limits=Limits(**limits)))


def log_of(run: Execution) -> list[tuple[int, str]]:
    return [(line.level, line.text) for line in run.logs]


def imports(module: Path) -> set[tuple[str, str]]:
    return {(wanted.module, wanted.name) for wanted in module_shape(module.read_bytes()).imports}


def packed(sample: Path) -> Artifact:
    data = build_artifact(
        (sample / "skill.toml").read_bytes(),
        modules=[(path.name, path.read_bytes()) for path in sorted((sample / "modules").glob("*.wasm"))],
        sbom={"bomFormat": "CycloneDX", "specVersion": "1.6"},
        provenance={"builder": {"id": "test"}, "subject": [{"name": sample.name}]},
        key=SigningKey.from_seed(bytes(range(32))),
        signed_at_unix_ms=1_769_850_000_000,
    )
    return open_artifact(data)


def audit(artifact: Artifact) -> AuditReport:
    return audit_artifact(
        artifact,
        AuditPolicy(),
        AuditHost(sandbox, RunLimits(), schema_problem),
        trust_decision=TrustDecision.ALLOWLISTED,
        generated_at=NINE_O_CLOCK,
    )


def test_greeter_greets_the_release_that_was_enabled():
    """The greeting names skill, version and state, and the result says which event it is about."""
    run = run_guest(GREETER, hook_input(event(skill_id="acme.echo", version="1.0.0")))

    assert (run.outcome, run.exit_code) == ("ok", 0)
    assert run.document == {
        "result": {
            "greeting": "hello acme.echo 1.0.0, now enabled",
            "skill": "acme.echo",
            "version": "1.0.0",
            "kind": "skill:enabled",
            "position": 12,
        }
    }


def test_greeter_logs_its_greeting_once():
    """One line at level info is in the log."""
    run = run_guest(GREETER, hook_input(event(skill_id="acme.echo", version="1.0.0")))

    assert log_of(run) == [(2, "hello acme.echo 1.0.0, now enabled")]


def test_greeter_greets_an_event_without_a_skill_by_its_kind():
    """A start of the gateway concerns no skill, and is greeted all the same."""
    run = run_guest(GREETER, hook_input(event("gateway:startup", 1)))

    result = run.document["result"]
    assert (result["greeting"], result["skill"]) == ("hello, gateway:startup", None)


def test_greeter_passes_a_position_of_64_bits_unchanged():
    """No position is rounded to a floating-point number on its way through a guest."""
    run = run_guest(GREETER, hook_input(event(position=2**63 - 1, skill_id="acme.echo", version="1.0.0")))

    assert run.document["result"]["position"] == 2**63 - 1


def test_greeter_answers_a_tool_call():
    """As a tool it greets by name, and answers what its output schema asks for."""
    run = run_guest(GREETER, tool_input("acme.greet", name="Ada"))

    assert (run.exit_code, run.document) == (0, {"result": {"greeting": "hello Ada"}})


def test_notifier_names_the_release_and_each_reason():
    """The notice says which release was quarantined, and carries the reasons in their order."""
    reasons = ['import "env"."steal" is not declared', "line\nbreak\tand \\ and \u0001", "ключ 鍵 😀 \u2028"]

    run = run_guest(NOTIFIER, hook_input(quarantine(reasons)))

    assert (run.outcome, run.exit_code) == ("ok", 0)
    assert run.document == {
        "result": {
            "notice": "acme.hostile 1.0.0 was quarantined",
            "skill": "acme.hostile",
            "version": "1.0.0",
            "reasons": reasons,
        }
    }


def test_notifier_logs_a_warning():
    """The notice is in the log, at level warning."""
    run = run_guest(NOTIFIER, hook_input(quarantine([])))

    assert log_of(run) == [(3, "acme.hostile 1.0.0 was quarantined")]


def test_notifier_answers_a_tool_call():
    """As a tool it words the notice for the release that it is given."""
    run = run_guest(NOTIFIER, tool_input("acme.notice", skill_id="a.b", version="2.0.1", reasons=["x"]))

    result = {"notice": "a.b 2.0.1 was quarantined", "skill": "a.b", "version": "2.0.1", "reasons": ["x"]}
    assert run.document == {"result": result}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(deadline=None)
@given(reasons=st.lists(TEXTS, max_size=5), ensure_ascii=st.booleans())
def test_texts_pass_through_a_guest_unchanged(reasons, ensure_ascii):
    """Whatever a reason holds, and however it is escaped on the way in, it comes out as it was."""
    run = run_guest(NOTIFIER, hook_input(quarantine(reasons), ensure_ascii=ensure_ascii))

    assert run.document["result"]["reasons"] == reasons


def test_half_a_surrogate_pair_becomes_a_replacement_character():
    """The output is UTF-8 even where the input escapes what UTF-8 cannot hold."""
    run = run_guest(NOTIFIER, hook_input(quarantine(["\ud83d!"]), ensure_ascii=True))

    assert run.document["result"]["reasons"] == ["\ufffd!"]


@pytest.mark.parametrize(
    "unreadable",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b"{",
        b"{}",
        b'{"event":1}',
        b'{"event":{"kind":"skill:enabled"}}',
        b'{"event":{"kind":7,"position":12}}',
        b'{"event":{"kind":"a","position":"12"}}',
        b'{"event":{"kind":"a","position":012}}',
        b'{"event":{"kind":"a","position":12.}}',
        b'{"event":{"kind":"a","position":+1}}',
        b'{"event":{"kind":"a","position":1e}}',
        b'{"event":{"kind":"a","position":12},}',
        b'{"event":{"kind":"a","position":12}} x',
        b'{"event":{"kind":"a","kind":"a","position":12}}',
        b'{"event":{"kind":"a\nb","position":12}}',
        b'{"event":{"kind":"\\x","position":12}}',
        b'{"event":{"kind":"\\u12g4","position":12}}',
        b'{"event":{"kind":"a","position":12,"payload":[1,]}}',
        b'{"event":{"kind":"a","position":12,"payload":nul}}',
        b'{"event":{"kind":"a","position":12,"payload":' + b"[" * 63 + b"]" * 63 + b"}}",
        b'{"tool":{"id":"acme.greet","input":{}}}',
        b'{"tool":{"id":"acme.greet","input":{"name":7}}}',
    ],
)
def test_unreadable_input_is_an_exit_code_and_not_a_trap(unreadable):
    """Input that is no JSON, or is about something else, ends with exit code 64 and no output."""
    run = run_guest(GREETER, unreadable)

    assert (run.outcome, run.exit_code, run.output, run.logs) == ("guest_failed", 64, b"", ())


@pytest.mark.parametrize(
    "readable",
    [
        b'\t\r\n {"event" : {"kind" : "a" , "position" : -0.5E+10 , "payload" : { } } , "x" : [ ] } ',
        b'{"event":{"position":0,"kind":"a","payload":[true,false,null,1e2,[[]],{"":0}]}}',
        b'{"event":{"kind":"a","position":12,"payload":' + b"[" * 62 + b"]" * 62 + b"}}",
    ],
)
def test_any_json_that_names_a_kind_and_a_position_is_readable(readable):
    """Blanks, unknown members, every kind of value and 64 levels of nesting are read."""
    run = run_guest(GREETER, readable)

    assert (run.exit_code, run.document["result"]["greeting"]) == (0, "hello, a")


@pytest.mark.parametrize("reasons", [None, "text", {"0": "x"}, ["x", 7]])
def test_notifier_refuses_reasons_that_are_no_list_of_texts(reasons):
    """It does not pass on what it cannot vouch for."""
    run = run_guest(NOTIFIER, hook_input(quarantine(reasons)))

    assert (run.exit_code, run.output) == (64, b"")


@pytest.mark.parametrize("module", [GREETER, NOTIFIER], ids=by_name)
def test_a_compiled_guest_imports_what_it_uses_and_nothing_else(module):
    """No import of the compiler's own runtime is left in the module."""
    host_io = "palyra:plugins/host-io@0.2.0"
    names = ["input-size", "input-read", "output-write", "log"]

    assert imports(module) == {(host_io, name) for name in names}


@pytest.mark.parametrize("module", ALL_MODULES, ids=by_name)
def test_every_module_has_an_entrypoint_and_a_memory(module):
    """Also the bad ones have the form of a guest, so that each fails for its own reason only."""
    exports = {(export.kind, export.name) for export in module_shape(module.read_bytes()).exports}

    assert exports == {("memory", "memory"), ("func", "palyra_plugin_main")}


@pytest.mark.parametrize("module", [GREETER, NOTIFIER, SPIN, GROW, WITNESS], ids=by_name)
def test_a_module_that_keeps_the_contract_links_and_can_be_started(module):
    """Nothing in these modules is a reason for an audit to refuse them."""
    data = module.read_bytes()

    assert (link_problems(data), entrypoint_problem(data)) == ([], None)


@pytest.mark.parametrize("module", [GREETER, NOTIFIER], ids=by_name)
def test_a_large_event_fits_into_the_default_fuel(module):
    """60 kB of reasons are answered within 10 million units, and starting costs next to nothing."""
    reasons = ["r" * 100] * 600

    run = run_guest(module, hook_input(quarantine(reasons)))

    assert (run.outcome, run.exit_code) == ("ok", 0)
    assert run.fuel_instantiate_units < 1_000


def test_the_same_input_uses_the_same_fuel():
    """A guest is deterministic, to the unit."""
    first = run_guest(NOTIFIER, hook_input(quarantine(["x"])))
    second = run_guest(NOTIFIER, hook_input(quarantine(["x"])))

    assert first.fuel_instantiate_units == second.fuel_instantiate_units
    assert first.fuel_call_units == second.fuel_call_units


def test_output_past_the_limit_is_said_by_the_exit_code():
    """A guest whose output the host does not take reports that, and leaves no half of an output."""
    run = run_guest(GREETER, hook_input(event(skill_id="acme.echo", version="1.0.0")), output_bytes_max=20)

    assert (run.outcome, run.exit_code, run.output) == ("guest_failed", 65, b"")


@pytest.mark.parametrize(
    ("document", "saw"),
    [
        (hook_input(event("skill:enabled", skill_id="acme.echo")), "skill:enabled"),
        (tool_input("acme.witness.report", what='a "b"'), 'a "b"'),
    ],
    ids=["hook", "tool"],
)
def test_witness_says_what_it_was_told_and_when(document, saw):
    """A component gets its input, asks the host for the time, logs, and answers."""
    run = run_guest(WITNESS, document)

    at = "2026-01-31T09:00:00.000Z"
    assert (run.outcome, run.document) == ("ok", {"result": {"saw": saw, "at": at}})
    assert ([exchange.request for exchange in run.transcript], log_of(run)) == (
        [b'{"op":"clock.now"}'],
        [(2, saw)],
    )


@pytest.mark.parametrize("document", [b"", b"{}", b"[]", hook_input({})])
def test_witness_says_that_it_cannot_read(document):
    """What it looks for and does not find is exit code 64, and no trap."""
    assert run_guest(WITNESS, document).exit_code == 64


def test_witness_is_a_small_component():
    """It needs one memory and a few instances, and imports only what it uses."""
    shape = component_shape(WITNESS.read_bytes())

    assert {each.name for each in shape.imports} == {"input", "output", "log", "call"}
    assert (len(shape.memories), shape.instances, WITNESS.stat().st_size < 6_000) == (1, 3, True)


def test_hostile_does_not_link_for_its_one_import():
    """It asks for a function outside the contract, and that is all that is wrong with it."""
    problems = link_problems(HOSTILE.read_bytes())

    assert imports(HOSTILE) == {("wasi_snapshot_preview1", "fd_write")}
    assert len(problems) == 1
    assert "'wasi_snapshot_preview1' 'fd_write'" in problems[0]


def test_hostile_cannot_be_run():
    """Even without an audit it would not start."""
    run = run_guest(HOSTILE)

    assert run.outcome == "link"


def test_spin_ends_when_its_fuel_does():
    """An endless loop is ended by the fuel."""
    run = run_guest(SPIN, fuel_budget=1_000_000)

    assert (run.outcome, run.exit_code) == ("out_of_fuel", None)


def test_grow_is_refused_at_the_limit_and_traps():
    """It gets exactly the pages that the limit allows, says so, and traps."""
    run = run_guest(GROW, max_memory_bytes=20 * 65_536)

    assert (run.outcome, run.memory_bytes_peak) == ("trapped:unreachable", 20 * 65_536)
    assert log_of(run) == [(3, "00020 pages, and no more")]


@pytest.mark.parametrize("sample", ALL_SAMPLES, ids=by_name)
def test_a_manifest_is_valid_and_names_what_is_in_its_folder(sample):
    """It keeps to every rule without a remark, and its default module exists."""
    manifest = parse_manifest((sample / "skill.toml").read_bytes())

    plugin = manifest.operator.plugin
    assert manifest_warnings(manifest) == ()
    assert manifest.skill_id == f"acme.{sample.name}"
    assert plugin is not None
    assert (sample / str(plugin.default_module_path)).is_file()


@pytest.mark.parametrize("name", ["approval-desk", "greeter", "guard", "notifier", "runaway", "witness"])
def test_a_sample_that_keeps_the_contract_passes_its_audit(name):
    """No check, of the reference or of this host, finds anything in it: not even that it misbehaves."""
    report = audit(packed(SAMPLES / name))

    assert (report.passed, report.quarantine_reasons) == (True, ())


def test_hostile_fails_its_audit():
    """One check fails, that its module fits this host, and for that it is quarantined."""
    report = audit(packed(SAMPLES / "hostile"))

    assert report.should_quarantine
    assert [check.check_id for check in report.failures] == ["host_contract"]


@pytest.mark.parametrize("sample", ALL_SAMPLES, ids=by_name)
def test_each_source_has_its_module_and_each_module_its_source(sample):
    """Nothing is shipped that cannot be built from what is beside it."""
    sources = {path.stem for path in (sample / "src").iterdir()}
    modules = {path.stem for path in (sample / "modules").glob("*.wasm")}

    assert sources == modules


@pytest.mark.parametrize("sample", ALL_SAMPLES, ids=by_name)
def test_a_sample_is_a_project_that_answers_as_its_golden_files_say(sample):
    """Its modules are what its sources build, and they do what they did when somebody last looked."""
    project = open_project(sample, modules=sample / "modules")
    _, modules = read_build(project)
    default = str(project.manifest.operator.plugin.default_module_path)
    theatre = Theatre(default_sandbox(), project.manifest, modules[default.removeprefix("modules/")])

    names = fixture_names(project)

    assert names
    for name in names:
        rehearsal = theatre.rehearse(name, read_fixture(project, name))
        assert difference(project, name, rehearsal.answer) is None
