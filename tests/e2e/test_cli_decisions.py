from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.sample_skills import artifact_bytes
from tests.shell import COMMAND, Finished, Shell
from tests.stage import answering

pytestmark = pytest.mark.slow


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A home in which a guard blocks every tool, and nothing else."""
    shell = Shell(tmp_path / "home")
    shell("init")
    path = tmp_path / "guard.palyra-skill"
    path.write_bytes(
        artifact_bytes(modules={"plugin.wasm": answering(30, '{"result":{"reason":"\\u001b[31mno"}}')})
    )
    shell("skill", "install", str(path), "--trust-on-first-use")
    shell("skill", "enable", "acme.echo")
    shell("plugin", "bind", "guard", "--skill", "acme.echo")
    bound = shell("hook", "bind", "guard", "--event", "before_tool", "--plugin", "guard", "-o", "json")
    assert (bound.code, bound.json["on_failure"]) == (0, "block")
    return shell


def ask(shell: Shell, payload: object, *options: str) -> Finished:
    """Ask, with the payload on standard input."""
    done = subprocess.run(
        [*COMMAND, "hook", "decide", *options, "--payload", "-"],
        env=shell.environment,
        input=json.dumps(payload),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def test_a_shell_asks_and_is_stopped(shell: Shell):
    """The exit code tells whether to go on; asked again under its key, the recorded answer is given."""
    first = ask(shell, {"tool": "rm"}, "before_tool", "--key", "call-1", "-o", "json")
    again = ask(shell, {"tool": "rm"}, "before_tool", "--key", "call-1", "-o", "json")
    free = ask(shell, {}, "after_run", "-o", "json")

    assert (first.code, first.json["kind"], first.error["code"]) == (4, "block", "RUN_STOPPED")
    assert again.json == {**first.json, "is_repeated": True}
    assert (free.code, free.json["kind"], free.err) == (0, "continue", "")


def test_decisions_are_looked_at_later(shell: Shell):
    """By position, in words, and without the colours that a guest would like."""
    asked = ask(shell, {"tool": "rm"}, "before_tool")
    position = shell("decision", "list", "-o", "ndjson").lines[0]["position"]
    shown = shell("decision", "show", str(position))
    unknown = shell("decision", "show", "nothing", "-o", "json")

    assert shown.out == asked.out
    assert shown.out.startswith("run:before_tool: block\nby        hook guard of plugin guard\n")
    assert "\x1b" not in shown.out + asked.err
    assert (unknown.code, unknown.error["code"]) == (3, "UNKNOWN_DECISION")


def test_what_is_no_question(shell: Shell):
    """A payload that is no object, a file that is missing, a phase that is none: exit code 2."""
    asked = [
        ask(shell, [], "before_tool"),
        ask(shell, {}, "later"),
        shell("hook", "decide", "before_tool", "--payload", "no/such/file"),
        shell("hook", "bind", "x", "--event", "before_tool", "--plugin", "guard", "--attempts-max", "2"),
    ]

    assert [done.code for done in asked] == [2, 2, 2, 2]
