from __future__ import annotations

from pathlib import Path

import pytest

from tests.sample_skills import artifact_bytes
from tests.shell import Shell
from tests.stage import guest

CONTRACT = {
    "schema_version": 1,
    "required": ["unit"],
    "properties": {
        "unit": {"type": "string", "enum_values": ["K", "C"]},
        "limit": {"type": "integer", "default": 10},
        "api_token": {"type": "string", "redacted": True},
    },
}

pytestmark = pytest.mark.slow


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A home in which the plugin ``weather`` is bound, with a secret."""
    home = tmp_path / "home"
    shell = Shell(home)
    shell("init")
    (home / "palyra.toml").write_text('[policy]\nallowed_secrets = ["weather"]\n')
    for version in ("1.0.0", "1.1.0"):
        (tmp_path / f"{version}.palyra-skill").write_bytes(packed(version))
    shell("skill", "install", str(tmp_path / "1.0.0.palyra-skill"), "--trust-on-first-use")
    shell("skill", "enable", "acme.weather")
    assert shell("plugin", "bind", "weather", "--skill", "acme.weather", "--secret", "weather").code == 0
    return shell


def packed(version: str) -> bytes:
    tool = {"id": "acme.weather", "name": "weather", "description": "It tells the weather"}
    schemas = {"input_schema": {"type": "object"}, "output_schema": {"type": "object"}}
    return artifact_bytes(
        modules={"plugin.wasm": guest("echo")},
        skill_id="acme.weather",
        version=version,
        entrypoints={"tools": [{**tool, **schemas}]},
        capabilities={"secrets": [{"scope": "global", "key_names": ["weather"]}]},
        operator={"display_name": "Weather", "config": CONTRACT},
    )


def shown(name: str) -> str:
    """Return what the document shows of a command."""
    text = (Path(__file__).parents[2] / "docs" / "plugin-configuration.md").read_text(encoding="utf-8")
    return text.partition(f"$ palyra plugin config {name}\n")[2].partition("```")[0]


def test_what_the_document_shows_is_what_happens(shell: Shell, tmp_path: Path):
    """Values are set, shown without secrets, and have to be confirmed for another release."""
    set_them = ("weather", "unit=K", "api_token=secret:weather")
    done = shell("plugin", "config", "set", *set_them)
    shell("skill", "install", str(tmp_path / "1.1.0.palyra-skill"))
    shell("--yes", "skill", "enable", "acme.weather", "1.1.0")
    stale = shell("plugin", "config", "get", "weather")

    assert done.out == shown(f"set {' '.join(set_them)}")
    assert stale.out == shown("get weather")
    assert shell("plugin", "config", "set", "weather", "-o", "json").json["state"] == "valid"


def test_what_does_not_fit_is_told(shell: Shell):
    """Exit code and message say what is wrong; a secret is never repeated."""
    wrong = shell("plugin", "config", "set", "weather", "unit=F", "-o", "json")
    plain = shell("plugin", "config", "set", "weather", "unit=K", "api_token=hunter2", "-o", "json")
    usage = shell("plugin", "config", "set", "weather", "unit", "-o", "json")

    assert (wrong.code, wrong.error["code"]) == (2, "CONFIG_REFUSED")
    assert (plain.code, plain.error["code"]) == (4, "SECRET_IN_CONFIG")
    assert usage.code == 2
    assert "hunter2" not in plain.err + plain.out


def test_values_come_from_a_file(shell: Shell, tmp_path: Path):
    """A JSON object in a file sets several values at once."""
    (tmp_path / "values.json").write_text('{"unit": "C", "limit": 3}')
    done = shell(
        "plugin", "config", "set", "weather", "--values", str(tmp_path / "values.json"), "-o", "json"
    )
    cleared = shell("plugin", "config", "clear", "weather", "-o", "json")

    assert {f["name"]: f["value"] for f in done.json["fields"]} == {
        "api_token": None,
        "limit": 3,
        "unit": "C",
    }
    assert cleared.json["state"] == "missing"
