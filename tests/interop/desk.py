"""A home in which plugins show pages: a conversation, one of each component, and what is meant to do harm."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.sdk import demo_key, pack_sample
from tests.documents import blocks
from tests.sample_skills import artifact_bytes
from tests.stage import StageClock, answering

#: what plugins may be granted, as an operator writes it
_SETTINGS = '[policy]\nallowed_storage_prefixes = ["desk"]\n'
_POLICY = WasmPluginRunnerPolicy(allowed_storage_prefixes=("desk",))

#: the surface of a page with each kind of component
KINDS = "kinds"

#: why a release went into quarantine: in a client that took it for Markdown or HTML, more than words
LOUD = "It *shouts*: [press here](https://evil.example/) <img src=x onerror=alert(1)>"
#: what is meant to do harm, in every place that a page has for words
HOSTILE: list[str] = json.loads((Path(__file__).parents[1] / "corpus/a2ui/hostile.json").read_text())


def page_of_each_kind() -> dict[str, Any]:
    """Return the page that the documentation has as its example, and a part that nobody knows."""
    page = json.loads(blocks("a2ui", "json")[0])
    film = {"id": "film", "type": "video", "props": {}}
    return {**page, "surface": KINDS, "components": [*page["components"], film]}


def hostile_page() -> dict[str, Any]:
    """Return a page that has nothing but hostile words in it."""
    fields = [{"id": f"f{place}", "label": words, "hint": words, "default": words} for place, words in _few()]
    options = [{"label": words, "value": words} for _, words in _few()]
    fields.append({"id": "choice", "type": "select", "label": "choice", "options": options})
    form = {"title": HOSTILE[0], "submitLabel": HOSTILE[1], "fields": fields}
    series = [{"label": words, "value": place} for place, words in _few()]
    parts: dict[str, Any] = {
        "list": {"items": HOSTILE},
        "table": {"columns": HOSTILE[:2], "rows": [[words, words] for words in HOSTILE]},
        "form": form,
        "chart": {"title": HOSTILE[0], "series": series},
    }
    components = [{"id": f"t{place}", "type": "text", "props": {"value": words}} for place, words in _few()]
    components += [
        {"id": f"m{place}", "type": "markdown", "props": {"value": words}}
        for place, words in enumerate(HOSTILE)
    ]
    components += [{"id": kind, "type": kind, "props": props} for kind, props in parts.items()]
    return {"v": 1, "surface": "hostile", "components": components}


def _few() -> list[tuple[int, str]]:
    return list(enumerate(HOSTILE[:24]))


def set_up(home: Path) -> None:
    """Make the home: one release is in quarantine, and waits for a decision on the surface ``approvals``."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "palyra.toml").write_text(_SETTINGS)
    stage_clock = StageClock(clock.now().replace(microsecond=0) - timedelta(hours=1))
    surroundings = Surroundings(stage_clock, clock.entropy, _POLICY)
    url = f"sqlite:///{home / 'palyra.db'}"
    with Palyra.open(url, home=home, actor="operator:ada", surroundings=surroundings) as palyra:
        _install(palyra, home)
        _bind(palyra)
        palyra.skills.quarantine("acme.greeter", reason=LOUD)
        palyra.dispatch.drain()


def _install(palyra: Palyra, home: Path) -> None:
    artifacts = {name: pack_sample(name, demo_key()) for name in ("approval-desk", "greeter", "notifier")}
    for name, page in (("hostile-page", hostile_page()), ("kinds-page", page_of_each_kind())):
        modules = {f"{name}.wasm": answering(output=json.dumps({"a2ui": page}))}
        artifacts[name] = artifact_bytes(modules=modules, key=demo_key(), skill_id=f"acme.{name}")
    for name, content in artifacts.items():
        (home / f"{name}.palyra-skill").write_bytes(content)
        palyra.skills.install(home / f"{name}.palyra-skill", trust_on_first_use=True)
        palyra.skills.enable(f"acme.{name}", reason="reviewed")


def _bind(palyra: Palyra) -> None:
    palyra.plugins.bind("desk", skill="acme.approval-desk", storage_prefixes=["desk"])
    palyra.hooks.bind("desk-case", event="skill:quarantined", plugin="desk")
    for name in ("hostile-page", "kinds-page"):
        palyra.plugins.bind(name, skill=f"acme.{name}")
        palyra.hooks.bind(name, event="skill:quarantined", plugin=name)
