from __future__ import annotations

from pathlib import Path

import pytest

from palyra_runtime import Palyra
from tests.sample_skills import artifact_bytes
from tests.shell import Shell
from tests.stage import answering, guest
from tests.terminal import terminal

POLICY = '[policy]\nallowed_http_hosts = ["api.example.com"]\nallowed_channels = ["ops"]\n'
HOSTS = {"http_egress_allowlist": ["api.example.com"]}
MORE = {**HOSTS, "node_capabilities": ["ops"]}


def pack(folder: Path, version: str, module: bytes, capabilities: dict[str, list[str]]) -> str:
    path = folder / f"weather-{version}.palyra-skill"
    fields = {"skill_id": "acme.weather", "version": version, "capabilities": capabilities}
    path.write_bytes(artifact_bytes(modules={"weather.wasm": module}, **fields))
    return str(path)


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory) -> dict[str, str]:
    """Three releases: the second has another module and asks for more, the third fails its audit."""
    folder = tmp_path_factory.mktemp("releases")
    return {
        "1.0.0": pack(folder, "1.0.0", answering(), HOSTS),
        "2.0.0": pack(folder, "2.0.0", answering(1), MORE),
        "3.0.0": pack(folder, "3.0.0", guest("undeclared_import"), HOSTS),
    }


@pytest.fixture
def weather(fresh: Shell, artifacts) -> Shell:
    """The command line where release 1.0.0 runs, with a plugin that was granted a host."""
    fresh.home.mkdir()
    (fresh.home / "palyra.toml").write_text(POLICY)
    with Palyra.open(home=fresh.home, actor="operator:ada") as palyra:
        palyra.skills.install(artifacts["1.0.0"], trust_on_first_use=True)
        palyra.skills.enable("acme.weather")
        palyra.plugins.bind("weather", skill="acme.weather", http_hosts=["api.example.com"])
    return fresh


def test_an_update_that_widens_is_refused_where_nobody_can_answer(weather, artifacts):
    """What changes is shown, each thing to agree to is named, and so is the flag; nothing is installed."""
    done = weather("skill", "update", artifacts["2.0.0"])

    assert (done.code, done.out) == (4, "")
    assert "acme.weather 2.0.0 takes the place of 1.0.0.\nIt asks for more:\n  - channels: ops\n" in done.err
    assert "channel     ops              yes       no       no         not granted\n" in done.err
    assert "plugin weather will not run: module changed" in done.err
    assert done.err.endswith("hint: Look at what changes, then agree to it with --yes.\n")
    assert [row["version"] for row in weather("skill", "list", "-o", "json").json] == ["1.0.0"]


def test_a_program_is_told_what_to_agree_to(weather, artifacts):
    """The refusal is one JSON document with everything in it."""
    done = weather("skill", "update", artifacts["2.0.0"], "-o", "json")

    assert (done.error["code"], done.error["details"]["version"]) == ("CONSENT_REQUIRED", "2.0.0")
    assert done.error["details"]["failures"] == [
        "it asks for more: channels: ops",
        "plugin weather will not run: module changed",
    ]


def test_an_update_with_yes_is_done_and_told(weather, artifacts):
    """Release and plugin go over together, and the way back is one command."""
    done = weather("skill", "update", artifacts["2.0.0"], "--rebind", "--yes", "--reason", "ticket 82")
    back = weather("skill", "rollback", "acme.weather", "--rebind", "--yes", "--reason", "ticket 83")

    assert (done.code, done.out) == (0, "acme.weather 2.0.0 is enabled.\n")
    assert (back.code, back.out) == (0, "acme.weather 1.0.0 is enabled.\n")
    assert "1.0.0 enabled (ticket 83)" in weather("skill", "history", "acme.weather").out


def test_a_dry_run_shows_what_would_change(weather, artifacts):
    """It ends with that, for people and for programs, and nothing is installed."""
    done = weather("skill", "update", artifacts["2.0.0"], "--dry-run", "-o", "json")

    assert (done.code, done.err) == (0, "")
    assert (done.json["version"], done.json["declares_more"]) == ("2.0.0", ["channels: ops"])
    assert done.json["plugins"][0]["refused"] == "module_changed"
    assert len(weather("skill", "list", "-o", "json").json) == 1


def test_a_person_is_asked(weather, artifacts):
    """Who says no has changed nothing."""
    with terminal(weather, "skill", "update", artifacts["2.0.0"]) as screen:
        screen.read_until("Go on? [y/N]: ")
        screen.type("n\n")
        assert screen.finish() == 1

    assert len(weather("skill", "list", "-o", "json").json) == 1


def test_an_update_that_fails_its_audit_is_a_finding(weather, artifacts):
    """It is in quarantine, the failed checks are named, and the old one runs on."""
    done = weather("skill", "update", artifacts["3.0.0"])

    assert (done.code, done.out) == (6, "acme.weather 3.0.0 is quarantined.\n")
    assert "wasi_snapshot_preview1" in done.err
    states = {row["version"]: row["state"] for row in weather("skill", "list", "-o", "json").json}
    assert states == {"1.0.0": "enabled", "3.0.0": "quarantined"}


def test_a_release_is_removed_and_told_of(weather):
    """It is gone from the listing, and there for those who ask for what was removed."""
    done = weather("skill", "remove", "acme.weather", "1.0.0", "--erase")
    listed = weather("skill", "list")
    removed = weather("skill", "list", "--removed", "-o", "json")

    assert (done.code, done.out) == (0, "acme.weather 1.0.0 is removed.\n")
    assert (listed.code, listed.out) == (0, "")
    assert [row["state"] for row in removed.json] == ["removed"]


def test_what_is_enabled_is_audited_again(weather):
    """A stricter policy finds what it does not allow, and the exit code says so."""
    passed = weather("skill", "reaudit", "-o", "json")
    (weather.home / "palyra.toml").write_text(f"{POLICY}max_module_size_bytes = 10\n")
    failed = weather("skill", "reaudit")

    assert passed.json == [
        {"skill_id": "acme.weather", "version": "1.0.0", "result": "passed", "reasons": []}
    ]
    assert (failed.code, "quarantined" in failed.out) == (6, True)
    assert "periodic_reaudit_failed" in failed.err


def test_grants_are_shown_compared_and_set(weather):
    """A table for people, the reference's categories for programs."""
    shown = weather("plugin", "grants", "show", "weather")
    weather("plugin", "grants", "set", "weather")
    compared = weather("plugin", "grants", "diff", "weather", "-o", "json")

    assert "http host   api.example.com  yes       yes      yes\n" in shown.out
    assert [(each["category"], each["capability_kind"], each["value"]) for each in compared.json] == [
        ("missing_grant", "http_hosts", "api.example.com"),
        ("unused_declared_capability", "http_hosts", "api.example.com"),
    ]


def test_a_plugin_in_use_is_not_unbound(weather):
    """The hooks are named; once the last one is gone, so is the plugin."""
    weather("hook", "bind", "report", "--event", "gateway:startup", "--plugin", "weather")
    refused = weather("plugin", "unbind", "weather")
    moved = weather("hook", "rebind", "report", "--attempts-max", "2")
    weather("hook", "unbind", "report")
    done = weather("plugin", "unbind", "weather")

    assert (refused.code, "used by report" in refused.err) == (5, True)
    assert moved.code == 0
    assert (done.code, done.out) == (0, "Plugin weather is unbound.\n")


def test_a_disabled_plugin_says_so(weather):
    """The listing tells which plugins may run."""
    weather("plugin", "disable", "weather", "--reason", "over its quota")
    listed = weather("plugin", "list").out
    again = weather("plugin", "enable", "weather")

    assert listed.splitlines()[1].endswith("disabled")
    assert again.out == "Plugin weather is enabled.\n"
