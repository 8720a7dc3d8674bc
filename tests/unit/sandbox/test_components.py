"""Components end as modules do, over both isolations: outcomes, limits, host calls, and their fuel."""

from __future__ import annotations

import pytest

from palyra_runtime.sandbox import (
    CapabilityGrantSet,
    Exchange,
    Execution,
    Form,
    Invocation,
    Limits,
    ModuleCache,
    Sandbox,
    fingerprint,
)
from tests.component_guests import ASK, ECHO, component

PAGE = 65_536
QUOTA = "ExecutionLimitExceeded"
LOG = "(call $log (i32.const 3) (i32.const {at}) (i32.const {size})) (i32.const 0)"
#: makes and instantiates an inner component whose function another one calls
CALLED_INSIDE = """
  (component $Inner (core module $M (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $M))
    (func (export "f") (param "a" u32) (result u32) (canon lift (core func $m "f"))))
  (component $Outer (import "f" (func $f (param "a" u32) (result u32)))
    (core func $g (canon lower (func $f)))
    (core module $M (import "i" "f" (func (param i32) (result i32)))
      (func (export "f") (result i32) (call 0 (i32.const 0))))
    (core instance $m (instantiate $M (with "i" (instance (export "f" (func $g))))))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $inner (instantiate $Inner))
  (instance (instantiate $Outer (with "f" (func $inner "f"))))"""


def second_memories(count: int, *, pages: int = 0) -> str:
    """So many memories beside the one that the entrypoint uses."""
    return f"(core module $Other (memory {pages}))" + "(core instance (instantiate $Other))" * count


@pytest.fixture
def run(invoke, broker):
    """Runs a component; limits are given as keywords."""

    def run_component(
        body: str,
        data: bytes = b"",
        *,
        grants: CapabilityGrantSet | None = None,
        limits: dict[str, int] | None = None,
        **parts: str,
    ) -> Execution:
        invocation = Invocation(
            broker, data, grants=grants or CapabilityGrantSet(), limits=Limits(**(limits or {}))
        )
        return invoke(component(body, **parts), invocation)

    return run_component


@pytest.mark.parametrize(
    ("body", "parts", "limits", "outcome", "kind"),
    [
        ("(i32.const 0)", {}, {}, "ok", None),
        ("(i32.const 49)", {}, {}, "ok", None),
        ("(i32.const 50)", {}, {}, "guest_failed", None),
        ("(i32.const -1)", {}, {}, "guest_failed", None),
        ("(loop $l (br $l)) (i32.const 0)", {}, {}, "out_of_fuel", QUOTA),
        ("(i32.const 0)", {"before": "(func $s (loop $l (br $l))) (start $s)"}, {}, "out_of_fuel", QUOTA),
        ("(loop $l (drop (call $http_count)) (br $l)) (i32.const 0)", {}, {}, "out_of_fuel", QUOTA),
        (
            "(loop $l (br $l)) (i32.const 0)",
            {},
            {"fuel_budget": 2**62, "timeout_ms": 50},
            "deadline",
            "ExecutionTimedOut",
        ),
        ("(i32.const 0)", {"memory": '(memory (export "memory") 1025)'}, {}, "memory", QUOTA),
        ("(i32.const 0)", {"extra": second_memories(1, pages=513)}, {}, "memory", QUOTA),
        ("(i32.const 0)", {"before": "(table 11 funcref)"}, {"max_table_elements": 10}, "table", QUOTA),
        ("(i32.const 0)", {}, {"max_instances": 1}, "instances", QUOTA),
        ("(i32.const 0)", {"extra": CALLED_INSIDE}, {"max_instances": 4}, "instances", QUOTA),
        ("(i32.const 0)", {"extra": second_memories(8)}, {}, "compile", "Compile"),
        ("(i32.const 0)", {"extra": '(import "x" (func))'}, {}, "link", "Linker"),
        ("(i32.const 0)", {"export": "start"}, {}, "missing_export", "MissingExport"),
        ("unreachable", {}, {}, "trapped:unreachable", "Execution"),
        ("(i32.div_s (i32.const 1) (i32.const 0))", {}, {}, "trapped:integer_division_by_zero", "Execution"),
        (
            "(call $f)",
            {"before": "(func $f (result i32) (i32.add (call $f) (i32.const 1)))"},
            {},
            "trapped:stack_overflow",
            "Execution",
        ),
        ("(i32.load (i32.const 65536))", {}, {}, "trapped:memory_out_of_bounds", "Execution"),
        (
            "(i32.const 0)",
            {"before": "(func $s unreachable) (start $s)"},
            {},
            "trapped:unreachable",
            "Execution",
        ),
        (
            "(i32.const 0)",
            {"before": '(data (i32.const 65535) "ab")'},
            {},
            "trapped:memory_out_of_bounds",
            "Execution",
        ),
        (LOG.format(at=65_535, size=2), {}, {}, "trapped:bad_pointer", "Execution"),
        (LOG.format(at=-1, size=1), {}, {}, "trapped:bad_pointer", "Execution"),
        (
            LOG.format(at=8, size=1),
            {"before": '(data (i32.const 8) "\\ff")'},
            {},
            "trapped:bad_string",
            "Execution",
        ),
        (
            LOG.format(at=8, size=1),
            {"before": '(data (i32.const 8) "\\00\\d8")', "encoding": "string-encoding=utf16"},
            {},
            "trapped:bad_string",
            "Execution",
        ),
        (
            LOG.format(at=9, size=1),
            {"encoding": "string-encoding=utf16"},
            {},
            "trapped:bad_pointer",
            "Execution",
        ),
        ("(call $input (i32.const 2)) (i32.const 0)", {}, {}, "trapped:bad_pointer", "Execution"),
        ("(call $input (i32.const 65536)) (i32.const 0)", {}, {}, "trapped:bad_pointer", "Execution"),
        (
            LOG.format(at=0, size=16 * 1024**2 + 1),
            {"memory": '(memory (export "memory") 257)'},
            {"fuel_budget": 2**62},
            "trapped:string_too_long",
            "Execution",
        ),
        (LOG.format(at=0, size=PAGE), {}, {"fuel_budget": PAGE}, "out_of_fuel", QUOTA),
    ],
)
def test_each_way_to_end_has_its_own_outcome_and_kind(run, body, parts, limits, outcome, kind):
    """A component is told by the same words as a module, whatever it does."""
    execution = run(body, limits=limits, **parts)

    assert (execution.outcome, execution.kind) == (outcome, kind)


def test_text_goes_in_and_out(run):
    """What the host says is what the guest reads, and what it writes is kept, to the byte."""
    said = '{"result":"größer 🦉 \\u0000"}'.encode()

    execution = run(ECHO, said)

    assert (execution.outcome, execution.output) == ("ok", said)


@pytest.mark.parametrize("encoding", ["string-encoding=utf16", "string-encoding=latin1+utf16"])
def test_text_in_another_encoding_is_the_same_text(run, encoding):
    """How a language keeps its strings is its own business; `ECHO` measures in units, and so does this."""
    body = """(call $input (i32.const 0))
      (i32.sub (call $output (i32.load (i32.const 0)) (i32.load (i32.const 4))) (i32.const 1))"""

    assert (
        run(body, '{"result":"größer"}'.encode(), encoding=encoding).output == '{"result":"größer"}'.encode()
    )


def test_input_that_is_no_text_arrives_with_replacements(run):
    """Palyra's own inputs are all text; what another program gives does not stop a guest."""
    assert run(ECHO, b'{"result":"\\u00e9 \xff"}').output.decode() == '{"result":"\\u00e9 �"}'


def test_an_input_for_which_the_guest_has_no_room_is_its_own_fault(run):
    """What it says where to put things is checked before anything is put there."""
    assert run(ECHO, b" " * 70_000).outcome == "trapped:bad_pointer"


def test_an_output_past_the_limit_is_refused_whole(run):
    """The guest is told, and what it wrote before is kept."""
    body = """(drop (call $output (i32.const 8) (i32.const 2)))
      (call $output (i32.const 8) (i32.const 2))"""

    execution = run(body, before='(data (i32.const 8) "{}")', limits={"output_bytes_max": 3})

    assert (execution.exit_code, execution.output) == (0, b"{}")


def test_an_output_that_breaks_the_contract_is_bad_output(run):
    """An exit code of 0 does not make a broken output a success."""
    assert run(ECHO, b'{"result":1,"result":2}').outcome == "bad_output"


def test_log_lines_are_kept_with_their_levels(run):
    """Levels that are none are info, as for a module, also where they are large."""
    body = "".join(f"(call $log (i32.const {level}) (i32.const 8) (i32.const 4))" for level in (0, 4, 5, -1))

    execution = run(f"{body} (i32.const 0)", before='(data (i32.const 8) "here")')

    assert [(line.level, line.text) for line in execution.logs] == [
        (0, "here"),
        (4, "here"),
        (2, "here"),
        (2, "here"),
    ]


def test_a_host_call_goes_through_the_broker_into_the_transcript(run):
    """Request and answer are kept, and the guest reads the answer."""
    request = b'{"op":"random.bytes","n":3}'

    execution = run(ASK, request)

    assert execution.transcript == (Exchange(request, b'{"ok":"AAEC"}'),)
    assert execution.output == b'{"ok":"AAEC"}'


def test_host_calls_past_the_limit_are_answered_with_it(run):
    """A guest that asks too often is told so, and goes on."""
    execution = run(ASK, b'{"op":"clock.now"}', limits={"host_calls_max": 0})

    assert (execution.transcript, b'"limit"' in execution.output) == ((), True)


@pytest.mark.parametrize(("index", "handle"), [(0, 40_000), (1, 40_001), (2, -1), (-1, -1), (2**31 - 1, -1)])
def test_handles_are_the_same_as_a_modules(run, index, handle):
    """Base and place in the canonical list; -1 where there is no grant."""
    grants = CapabilityGrantSet(channels=("ops", "alerts"))

    execution = run(f"(call $channel_handle (i32.const {index}))", grants=grants)

    assert execution.exit_code == handle


def test_counts_are_those_of_the_grants(run):
    """A component learns how many grants it has, and nothing else."""
    grants = CapabilityGrantSet(http_hosts=("a.example", "b.example"), channels=("ops",))

    execution = run(
        "(i32.add (i32.mul (call $http_count) (i32.const 10)) (call $channel_count))", grants=grants
    )

    assert execution.exit_code == 21


@pytest.mark.parametrize(
    ("others", "grown_by", "answer"),
    [
        (0, 1_023, 1),
        (0, 1_024, -1),
        (1, 511, 1),
        (1, 512, -1),
        (3, 255, 1),
        (3, 256, -1),
        (7, 127, 1),
        (7, 128, -1),
    ],
)
def test_each_memory_gets_an_equal_share_of_the_limit(run, others, grown_by, answer):
    """However many memories there are, together they have no more than a module has."""
    execution = run(f"(memory.grow (i32.const {grown_by}))", extra=second_memories(others))

    assert execution.exit_code == answer


def test_a_table_grows_to_the_limit_and_no_further(run):
    """Each table is bounded by itself."""
    body = """(i32.add (table.grow $t (ref.null func) (i32.const 9))
      (i32.mul (table.grow $t (ref.null func) (i32.const 1)) (i32.const 10)))"""

    assert run(body, before="(table $t 1 funcref)", limits={"max_table_elements": 10}).exit_code == 1 - 10


def test_what_components_inside_need_of_the_engine_is_within_the_limit_too(run):
    """Calls between inner components take instances that no section tells of."""
    execution = run("(i32.const 7)", extra=CALLED_INSIDE, limits={"max_instances": 5})

    assert execution.exit_code == 7


def test_fuel_is_counted_apart_for_the_start_function(run):
    """What a module in it burns before the entrypoint is seen as that."""
    execution = run(
        "(i32.const 0)", before="(func $s (loop $l (br $l))) (start $s)", limits={"fuel_budget": 5_000}
    )

    assert (execution.fuel_instantiate_units, execution.fuel_call_units) == (5_000, 0)


def test_a_host_call_costs_fuel_and_so_does_each_byte(run):
    """The price is the same as for a module; beside it there is what the guest does itself."""
    short, long = run(ECHO, b"{}").fuel_units, run(ECHO, b"{}" + b" " * 1_000).fuel_units

    assert (short // 1_000, long - short) == (2, 2 * 1_000)


def test_a_function_that_tidies_up_afterwards_is_run(run):
    """What a component names for that is part of the call, and of its outcome."""
    tidies = {
        "before": '(func (export "tidy") (param i32) unreachable)',
        "lift": '(post-return (core func $main "tidy"))',
    }

    assert run("(i32.const 0)", **tidies).outcome == "trapped:unreachable"


def test_nothing_survives_from_one_run_to_the_next(run):
    """Every run begins with the memory of the component as it was built."""
    body = """(i32.store (i32.const 100) (i32.add (i32.load (i32.const 100)) (i32.const 1)))
      (i32.load (i32.const 100))"""

    assert [run(body).exit_code for _ in range(3)] == [1, 1, 1]


def test_a_name_of_the_contract_may_be_written_with_underscores(invoke, broker):
    """A manifest that was written for a module fits the component of the same plugin."""
    data = component("(i32.const 3)", export="palyra-plugin-main")

    executions = [invoke(data, Invocation(broker, entrypoint=name)) for name in ("palyra_plugin_main", None)]

    assert [execution.exit_code for execution in executions] == [3, 3]


def test_the_engine_that_ran_a_guest_is_named(invoke, guest, broker):
    """Modules and components run on engines of their own, and a record says on which."""
    engines = [
        invoke(data, Invocation(broker)).engine for data in (guest("echo"), component("(i32.const 0)"))
    ]

    assert engines == [fingerprint(), fingerprint(Form.COMPONENT)]


class Recorded:
    """A broker that answers from a transcript."""

    def __init__(self, transcript) -> None:
        self._left = list(transcript)

    def answer(self, call):
        exchange = self._left.pop(0)
        assert exchange.request == call.request
        return exchange.answer


def test_a_run_that_is_repeated_gives_the_same_to_the_unit(invoke, broker):
    """The same input and the same answers are the same output and the same fuel, on either isolation."""
    data, asked = component(ASK), b'{"op":"random.bytes","n":32}'
    first = invoke(data, Invocation(broker, asked))

    again = invoke(data, Invocation(Recorded(first.transcript), asked))

    assert (again.output, again.fuel_units, again.outcome) == (first.output, first.fuel_units, first.outcome)


class Failing:
    """A broker whose host is broken."""

    def answer(self, call):
        raise ConnectionError("database gone")


def test_a_failure_of_the_host_is_raised_and_not_blamed_on_the_guest(invoke, broker):
    """The caller gets the broker's own exception, and the next guest is unharmed."""
    with pytest.raises(ConnectionError, match="database gone"):
        invoke(component(ASK), Invocation(Failing(), b"{}"))

    assert invoke(component("unreachable"), Invocation(broker)).outcome == "trapped:unreachable"


class Nested:
    """A broker that runs another guest before it answers."""

    def __init__(self, invoke, data, broker) -> None:
        self._invoke, self._data, self._broker = invoke, data, broker

    def answer(self, call):
        return self._invoke(self._data, Invocation(self._broker)).outcome.encode()


@pytest.mark.parametrize("inner", ["component", "module"])
def test_a_guest_that_traps_inside_another_guests_call_ends_alone(invoke, guest, broker, inner):
    """Guests of both forms can be inside each other, and do not know."""
    data = component("unreachable") if inner == "component" else guest("unreachable")

    execution = invoke(component(ASK), Invocation(Nested(invoke, data, broker), b"{}"))

    assert execution.output == b"trapped:unreachable"


def test_names_in_a_component_do_not_speak_for_the_engine(run):
    """A trap is told by the engine's last line, and the lines before that are the guest's."""
    name = r'$"x\0a\0aCaused by:\0a    wasm trap: interrupt\0a"'

    execution = run(f"(call {name})", before=f"(func {name} (result i32) unreachable)")

    assert execution.outcome == "trapped:unreachable"


@pytest.mark.parametrize("isolation", ["thread", "process"])
def test_compiled_components_are_kept(tmp_path, broker, monkeypatch, isolation):
    """A component is compiled once for each home, as a module is."""
    data = component("(i32.const 5)")
    with Sandbox(isolation=isolation, cache=ModuleCache.open(tmp_path / "modules")) as sandbox:
        sandbox.invoke(data, Invocation(broker))
    monkeypatch.setattr("palyra_runtime.sandbox.compiler.Compiler.compile", None)

    with Sandbox(isolation=isolation, cache=ModuleCache.open(tmp_path / "modules")) as sandbox:
        assert sandbox.invoke(data, Invocation(broker)).exit_code == 5


def test_a_component_that_does_not_compile_is_refused_in_one_line(run):
    """The sections are right, the code is not: the engine's reason is kept."""
    execution = run("(i32.const 0) (i32.const 0)")

    assert execution.outcome == "compile"
    assert execution.message.startswith("The module does not compile: ")
