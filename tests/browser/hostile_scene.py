"""A gateway's history in which every text that a stranger may write attacks whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.sandbox import WasmPluginRunnerPolicy, wasm_from_text
from tests.sample_skills import artifact_bytes
from tests.stage import UNHURRIED, answering, asking

_CORPUS = Path(__file__).parents[1] / "corpus/a2ui/hostile.json"
#: markup, links and control characters, as they are tried on pages
STRINGS: Sequence[str] = json.loads(_CORPUS.read_text())

SKILL = "acme.words"
#: pages that plugins show; each plugin calls its own by its own name
SURFACES = ("texts", "markdown", "shapes")

_POLICY = WasmPluginRunnerPolicy(allowed_storage_prefixes=("notes",), allowed_channels=("ops",))
_SETTINGS = """
[policy]
allowed_storage_prefixes = ["notes"]
allowed_channels = ["ops"]
"""
#: characters of a reason, as they are allowed
_REASON_MAX = 4000
_ALL = "\n".join(text[:60] for text in STRINGS)


def _texts(kind: str) -> list[dict[str, Any]]:
    return [{"id": text, "type": kind, "props": {"value": text}} for text in STRINGS]


def _form(texts: Sequence[str]) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"id": text, "label": text, "hint": text, "type": "text", "placeholder": text, "default": text}
        for text in texts
    ]
    choices = [{"label": text, "value": text} for text in STRINGS]
    fields.append({"id": "choice", "label": "Choice", "type": "select", "options": choices})
    props = {"title": texts[0], "submitLabel": texts[1], "fields": fields}
    return {"id": "form", "type": "form", "props": props}


def _shapes() -> list[dict[str, Any]]:
    chart = {
        "title": _ALL,
        "series": [{"label": text, "value": number} for number, text in enumerate(STRINGS)],
    }
    table = {"columns": list(STRINGS[:16]), "rows": [[text] * 3 for text in STRINGS]}
    return [
        {"id": "list", "type": "list", "props": {"items": list(STRINGS)}},
        {"id": "table", "type": "table", "props": table},
        {"id": "chart", "type": "chart", "props": chart},
        _form(STRINGS[:31]),
        {"id": "unknown", "type": STRINGS[0], "props": {text: text for text in STRINGS}},
    ]


def _document(surface: str, components: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({"a2ui": {"v": 1, "surface": surface, "components": components}})


#: modules by the plugins that run them
_MODULES = {
    "texts": answering(output=_document("texts", _texts("text"))),
    "markdown": answering(output=_document("markdown", _texts("markdown"))),
    "shapes": answering(output=_document("shapes", _shapes())),
    "nameless": answering(output=_document(STRINGS[1], _texts("text"))),
    "failing": answering(
        exit_code=70, output=json.dumps({"result": list(STRINGS), "retry": False}), log=_ALL
    ),
    "calling": asking(
        {"op": "storage.put", "handle": 30000, "key": STRINGS[0], "value": _ALL},
        {"op": "channel.send", "handle": 40000, "message": {"text": _ALL}},
        {"op": STRINGS[1], "handle": 1},
    ),
}
_POWERS = {"filesystem": {"write_roots": ["notes"]}, "node_capabilities": ["ops"]}


def _tool(number: int, text: str) -> dict[str, Any]:
    schema = {"type": "object", "title": text, "description": text}
    return {
        "id": f"acme.tool-{number}",
        "name": text,
        "description": text,
        "input_schema": schema,
        "output_schema": schema,
    }


def _release(version: str, name: str, modules: Mapping[str, bytes], tools: Sequence[str]) -> bytes:
    return artifact_bytes(
        modules={f"{path}.wasm": module for path, module in modules.items()},
        skill_id=SKILL,
        name=name,
        version=version,
        capabilities=_POWERS,
        entrypoints={"tools": [_tool(number, text) for number, text in enumerate(tools)]},
    )


def _smuggler() -> bytes:
    """Return a module that imports what nobody gives it, under names that are attacks."""
    names = [text for text in STRINGS if text.isprintable() and '"' not in text and "\\" not in text]
    imports = [f'(import "{name}" "{name}" (func))' for name in names]
    return wasm_from_text(
        f'(module {"".join(imports)} (func (export "palyra_plugin_main") (result i32) (i32.const 0)))'
    )


class HostileScene:
    """Plays the history into a home."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True)
        (home / "palyra.toml").write_text(_SETTINGS)
        self._files = home / "files"
        self._files.mkdir()
        surroundings = Surroundings(clock.now, clock.entropy, _POLICY, decisions=UNHURRIED)
        self._palyra = Palyra.open(f"sqlite:///{home / 'palyra.db'}", home=home, surroundings=surroundings)

    def play(self) -> None:
        """Play all of it."""
        with self._palyra:
            self._install("1.0.0", _release("1.0.0", STRINGS[0], _MODULES, STRINGS))
            self._palyra.skills.enable(SKILL, reason=_ALL)
            self._bind()
            self._palyra.gateway.run_once()
            self._argue()
            smuggler = {**_MODULES, "smuggler": _smuggler()}
            self._install("2.0.0", _release("2.0.0", STRINGS[1], smuggler, [*reversed(STRINGS)]))
            self._palyra.ledger.checkpoint()

    def _install(self, version: str, artifact: bytes) -> None:
        path = self._files / f"{version}.palyra-skill"
        path.write_bytes(artifact)
        self._palyra.skills.install(path, trust_on_first_use=True)

    def _bind(self) -> None:
        for name in _MODULES:
            powers: Any = {"storage_prefixes": ["notes"], "channels": ["ops"]} if name == "calling" else {}
            self._palyra.plugins.bind(name, skill=SKILL, module=f"modules/{name}.wasm", reason=_ALL, **powers)
            self._palyra.hooks.bind(name, event="gateway:startup", plugin=name, reason=_ALL)

    def _argue(self) -> None:
        """Give each string as a reason."""
        hooks = self._palyra.hooks
        for number, text in enumerate(STRINGS):
            change = hooks.disable if number % 2 == 0 else hooks.enable
            change("texts", reason=text[:_REASON_MAX])
