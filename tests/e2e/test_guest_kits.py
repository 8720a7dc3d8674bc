from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from palyra_runtime.authoring import Language, build_project, create_project, project_name
from palyra_runtime.capabilities import HostBroker
from palyra_runtime.sandbox import (
    CapabilityGrantSet,
    Execution,
    Invocation,
    invoke,
    link_problems,
    wasm_from_text,
)
from tests.documents import blocks

REPOSITORY = Path(__file__).parents[2]
KITS = REPOSITORY / "src" / "palyra_runtime" / "sdk" / "kits"
GUESTS = REPOSITORY / "tests" / "guests"
NINE_O_CLOCK = datetime(2026, 1, 31, 9, tzinfo=UTC)

GRANTS = CapabilityGrantSet(
    http_hosts=("api.example.com",),
    secret_keys=("key", "token"),
    storage_prefixes=("notes",),
    channels=("ops",),
)

#: what a guest has to read and write without a scratch
WORDS = 'quotes " and \\, a line\nbreak, \x01, größer, \u2028, 🦉'
SECOND = {"deep": [1.50, {"}": "]"}], "escaped": "\\u"}
INPUT = {"list": [{"a": "]"}, SECOND], "words": WORDS}

#: operation, what its handle stands for, and the rest of the request
ASKED = [
    (
        "http.request",
        "api.example.com",
        {
            "method": "POST",
            "url": "https://api.example.com/x",
            "headers": {"Authorization": {"secret": 20_000, "prefix": "Bearer "}},
            "body": WORDS,
        },
    ),
    ("secret.hmac", "token", {"data": WORDS}),
    ("storage.put", "notes", {"key": 'a"b', "value": SECOND}),
    ("storage.get", "notes", {"key": 'a"b'}),
    ("storage.list", "notes", {"prefix": "a", "after": "a0"}),
    ("storage.delete", "notes", {"key": "old"}),
    ("channel.send", "ops", {"message": SECOND}),
]

#: behind the suffix of a source that is to become a component
COMPONENT = ".component"
BESIDE_PYTHON = Path(sys.executable).parent

#: languages whose document is docs/writing-a-skill.md
PROJECTS = {".rs": Language.RUST, ".py": Language.PYTHON}

pytestmark = pytest.mark.slow


class Listener:
    """Services of a host that listen, and answer with the name of what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []

    def run(self, module: bytes, document: object) -> Execution:
        services = {operation: self._service(operation) for operation, _, _ in ASKED}
        broker = HostBroker(lambda: NINE_O_CLOCK, bytes, services)
        return invoke(module, Invocation(broker, json.dumps(document).encode(), grants=GRANTS))

    def _service(self, operation: str):
        def answer(_call, grant, request):
            self.asked.append((operation, grant.value, dict(request)))
            return operation

        return answer


@pytest.fixture
def host() -> Listener:
    return Listener()


def documented(language: str, *, containing: str) -> str:
    """Return the block of the guest contract that is in a language and holds some words."""
    (found,) = [block for block in blocks("guest-contract", language) if containing in block]
    return found


def built(source: str, suffix: str, folder: Path) -> bytes:
    """Build a plugin as the document says, with the files of the kit beside it."""
    if suffix in PROJECTS:
        return built_as_a_project(source, suffix, folder)
    language = suffix.removesuffix(COMPONENT)
    kit = {".c": "c", ".ts": "assemblyscript"}[language]
    shutil.copytree(KITS / kit, folder, dirs_exist_ok=True)
    (folder / f"plugin{language}").write_text(source)
    if suffix == ".ts":
        subprocess.run([REPOSITORY / "scripts" / "build-guests", "--out", folder / "samples"], check=True)
        asc = REPOSITORY / ".environments" / "guests" / "node_modules" / ".bin" / "asc"
        commands = [[asc, "plugin.ts", "--config", "asconfig.json", "--outFile", "plugin.wasm"]]
    else:
        about = "-DPALYRA_COMPONENT" if suffix.endswith(COMPONENT) else "plugin.c -o plugin.wasm"
        shutil.copytree(KITS.parent / "wit", folder / "wit")
        lines = documented("console", containing=about).replace("\\\n", "").splitlines()
        commands = [line.split() for line in lines]
    for command in commands:
        tool = BESIDE_PYTHON / command[0]
        subprocess.run([tool if tool.exists() else command[0], *command[1:]], cwd=folder, check=True)
    return (folder / "plugin.wasm").read_bytes()


def built_as_a_project(source: str, suffix: str, folder: Path) -> bytes:
    """Build a plugin as `palyra skill build` does."""
    project = create_project(PROJECTS[suffix], project_name("acme.kit", None, "ada"), folder)
    (folder / "src" / f"plugin{suffix}").write_text(source)
    build_project(project)
    return (folder / "build" / "kit.wasm").read_bytes()


@pytest.fixture(scope="module", params=[".c", ".ts", ".rs", ".py", ".c.component"])
def kit_guest(request, tmp_path_factory) -> bytes:
    """The guest that makes every call of a kit, in each language."""
    suffix = request.param
    source = GUESTS / f"kit{suffix.removesuffix(COMPONENT)}"
    return built(source.read_text(), suffix, tmp_path_factory.mktemp("kit"))


def wat_plugin(request: str | None = None) -> bytes:
    """Return the template's module, with another request in it."""
    template = (KITS / "wat" / "plugin.wat").read_text()
    if request is not None:
        quoted = request.replace('"', '\\"')
        template, times = re.subn(
            r'\(data \(i32.const 1024\) ".*"\)', f'(data (i32.const 1024) "{quoted}")', template
        )
        assert times == 1
        template = template.replace("(i32.const 18))", f"(i32.const {len(request)}))")
    return wasm_from_text(template)


def test_a_kit_reaches_all_that_a_host_does(host, kit_guest):
    """Each call arrives as the host reads it, with all characters; each answer comes back, refusals too."""
    run = host.run(kit_guest, {"schema": 1, "tool": {"id": "acme.kit", "input": INPUT}})

    assert (run.outcome, run.message, host.asked) == ("ok", "The guest returned 0.", ASKED)
    assert run.document is not None
    *answers, refusal = run.document["result"]
    assert answers[0]["ok"]["timestamp"] == "2026-01-31T09:00:00.000Z"
    assert answers[1] == {"ok": "AAAAAAAAAAA="}
    assert answers[2:] == [{"ok": operation} for operation, _, _ in ASKED]
    assert refusal["error"]["code"] == "denied"
    assert [(line.level, line.text) for line in run.logs] == [(3, WORDS)]


def test_a_kit_says_that_it_cannot_read(host, kit_guest):
    """What a guest looks for and does not find is nothing, and no trap."""
    runs = [host.run(kit_guest, {"tool": tool}) for tool in ({"input": []}, "no", None)]

    assert [(run.outcome, run.exit_code) for run in runs] == [("guest_failed", 64)] * 3


@pytest.mark.parametrize("suffix", [".c", ".c.component"])
def test_a_plugin_in_c_imports_what_it_uses_and_no_more(tmp_path, suffix):
    """The kit passes the audit's check, also where most of it is not used."""
    module = built('#include "palyra.h"\nPALYRA_MAIN { return PALYRA_OK; }\n', suffix, tmp_path)

    assert link_problems(module) == []


@pytest.mark.parametrize("suffix", [".c", ".c.component"])
def test_the_example_in_c_builds_and_answers(host, tmp_path, suffix):
    """The document's source compiles with the document's command, and does what the document says."""
    module = built(documented("c", containing="palyra.h"), suffix, tmp_path)

    run = host.run(module, {"event": {"kind": "skill:enabled", "payload": {"skill_id": 'a "b"'}}})

    assert (run.outcome, run.document) == ("ok", {"result": {"saw": 'a "b"', "kind": "skill:enabled"}})
    assert host.asked == [("channel.send", "ops", {"message": {"saw": 'a "b"', "kind": "skill:enabled"}})]


def test_the_template_in_wat_answers_with_what_the_host_said(host):
    """It runs as it is, logs its input, and hands on the answer."""
    run = host.run(wat_plugin(), {"event": {}})

    now = {"timestamp": "2026-01-31T09:00:00.000Z", "unix_ms": 1_769_850_000_000}
    assert run.document == {"result": {"greeting": "hello", "host": {"ok": now}}}
    assert [line.text for line in run.logs] == ['{"event": {}}']


def test_the_template_in_wat_makes_the_calls_that_it_tells_of(host):
    """Each request in its comments is one that a host understands."""
    template = (KITS / "wat" / "plugin.wat").read_text()
    requests = re.findall(r"^;; +(\{.*\})$", template, re.MULTILINE)

    runs = [host.run(wat_plugin(request), {}) for request in requests]

    operations = [json.loads(request)["op"] for request in requests]
    assert [run.document["result"]["host"] for run in runs] == [{"ok": operation} for operation in operations]
    assert [operation for operation, _, _ in host.asked] == operations


def test_the_template_in_wat_takes_memory_for_a_large_input(host):
    """An input of several pages is read whole."""
    document = {"event": {"text": "x" * 200_000}}

    run = host.run(wat_plugin(), document)

    assert (run.outcome, run.memory_bytes_peak) == ("ok", 5 * 65_536)
