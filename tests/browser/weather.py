"""A skill that asks for all kinds of powers and lets much be configured, as a file that somebody has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.sample_skills import OTHER_KEY, artifact_bytes
from tests.stage import answering, asking

SKILL = "met.weather"

_TOWN = {
    "type": "object",
    "required": ["town"],
    "additionalProperties": False,
    "properties": {"town": {"type": "string", "minLength": 2}},
}
_ANYTHING = {"description": "whatever it answers"}
_TOOLS = [
    {
        "id": "met.forecast",
        "name": "forecast",
        "description": "Says what the weather will be, and keeps it.",
        "input_schema": _TOWN,
        "output_schema": _ANYTHING,
    },
    {
        "id": "met.warn",
        "name": "warn",
        "description": "Warns everybody of a storm.",
        "input_schema": {"type": "object"},
        "output_schema": _ANYTHING,
        "risk": {"requires_approval": True},
    },
]
#: ``desk`` and ``ops`` are allowed by the gateway of the scene, ``cellar`` and the host are not
_POWERS = {
    "http_egress_allowlist": ["api.weather.example"],
    "secrets": [{"scope": "global", "key_names": ["weather_token"]}],
    "filesystem": {"write_roots": ["cellar", "desk"]},
    "node_capabilities": ["ops"],
}
_SETTINGS = {
    "required": ["town"],
    "properties": {
        "town": {"type": "string", "title": "Where people look out of the window."},
        "unit": {"type": "string", "enum_values": ["C", "K"], "default": "C"},
        "days": {"type": "integer", "title": "How far it looks ahead."},
        "loud": {"type": "boolean"},
        "others": {"type": "string_list", "title": "Other towns."},
        "api_token": {"type": "string", "redacted": True, "title": "What the service asks for."},
    },
}
_FORECAST = asking(
    {"op": "clock.now"},
    {"op": "storage.put", "handle": 30000, "key": "last", "value": "rain"},
)
_PAGE = answering(
    output='{"result": 1, "a2ui": {"v": 1, "surface": "sky", "components": ['
    '{"id": "said", "type": "markdown", "props": {"value": "# Rain until six"}}]}}',
    log="looked out of the window",
)
_MODULES = {"forecast.wasm": _FORECAST, "sky.wasm": _PAGE}


def weather_artifact(modules: Mapping[str, bytes] = _MODULES) -> bytes:
    """Return the skill, signed by somebody whom nobody knows."""
    return artifact_bytes(
        modules=dict(modules),
        key=OTHER_KEY,
        publisher="met",
        manifest_version=2,
        skill_id=SKILL,
        name="Weather",
        entrypoints={"tools": _TOOLS},
        capabilities=_POWERS,
        operator={"plugin": {"default_tool_id": "met.forecast"}, "config": _SETTINGS},
    )


def saved(folder: Path, name: str, artifact: bytes) -> Path:
    """Save an artifact as somebody has it who downloaded it."""
    path = folder / f"{name}.palyra-skill"
    path.write_bytes(artifact)
    return path
