from __future__ import annotations

import json

import pytest

from tests.shell import Shell

ADA = '{"name": "Ada"}'


def test_a_run_shows_its_answer(shell: Shell):
    """A person sees what the tool said, what it cost, and where it is recorded."""
    done = shell("plugin", "run", "greeter", "--tool", "acme.greet", "--input", ADA)

    first, *rest = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert first.startswith("acme.greet of plugin greeter, recorded at position ")
    assert rest[0].split() == ["outcome", "ok"]
    assert '"greeting": "hello Ada"' in done.out
    assert "  info     hello Ada" in rest


def test_a_run_is_one_json_object(shell: Shell):
    """A program reads the answer, and finds the run in the log at the position that it names."""
    run = shell("plugin", "run", "greeter", "--input", ADA, "--reason", "a try", "-o", "json").json

    assert (run["outcome"], run["exit_code"], run["output"]) == (
        "ok",
        0,
        {"result": {"greeting": "hello Ada"}},
    )
    (row,) = [row for row in shell("audit", "log", "-o", "json").json if row["position"] == run["position"]]
    assert (row["subject_kind"], row["subject_id"], row["reason"]) == (
        "invocation",
        run["invocation_id"],
        "a try",
    )
    assert (row["actor"], row["summary"]) == ("operator:ada", "acme.greet of plugin greeter run: ok")


def test_an_input_comes_from_a_file(shell: Shell, tmp_path):
    """What is too long for a command line is read from a file."""
    path = tmp_path / "input.json"
    path.write_text('{"name": "größer"}', encoding="utf-8")

    run = shell("plugin", "run", "greeter", "--input", f"@{path}", "-o", "json").json

    assert run["output"]["result"]["greeting"] == "hello größer"


def test_a_plugin_that_fails_is_shown_and_recorded(shell: Shell):
    """The result is on standard output, the error on standard error, and the exit code is 1."""
    done = shell("plugin", "run", "spinner", "-o", "json")

    assert (done.code, done.json["outcome"], done.json["exit_code"]) == (1, "out_of_fuel", None)
    assert done.error["code"] == "TOOL_RUN_FAILED"
    assert done.error["details"] == {"outcome": "out_of_fuel", "position": done.json["position"]}


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["greeter", "--input", '{"name": 5}'], 2, "TOOL_INPUT_REFUSED"),
        (["greeter", "--input", "{"], 2, "INVALID_JSON"),
        (["greeter", "--input", '{"name": "a", "name": "b"}'], 2, "INVALID_JSON"),
        (["greeter", "--input", "@nowhere.json"], 2, "USAGE"),
        (["greeter", "--tool", "acme.none", "--input", ADA], 2, "UNKNOWN_TOOL"),
        (["greeter", "--approve", "--input", ADA], 4, "REASON_REQUIRED"),
        (["nobody", "--input", ADA], 3, "UNKNOWN_PLUGIN"),
    ],
)
def test_what_cannot_be_run_is_told(shell: Shell, arguments, code, error):
    """Each mistake has its exit code and its code, and leaves the log as it was."""
    before = json.loads(shell("projection", "status", "-o", "json").out)[0]["head"]

    done = shell("plugin", "run", *arguments, "-o", "json")

    assert (done.code, done.out, done.error["code"]) == (code, "", error)
    assert json.loads(shell("projection", "status", "-o", "json").out)[0]["head"] == before
