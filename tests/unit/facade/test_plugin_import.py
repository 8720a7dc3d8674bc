from __future__ import annotations

import hashlib
import json

import pytest

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.plugin import PluginDisabled, PluginRebound
from palyra_runtime.facade import ImportConflict, ImportRefused
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from tests.stage import PLUGIN, SKILL, Stage, answering, unchanged

DECLARED = {"http_egress_allowlist": ["api.example.com"], "node_capabilities": ["ops"]}
MODULE, NEWER = answering(), answering(1)


@pytest.fixture
def installed(tmp_path) -> Stage:
    """A stage with two releases of a skill, the older of them enabled, and no plugin."""
    policy = WasmPluginRunnerPolicy(allowed_http_hosts=("api.example.com",), allowed_channels=("ops",))
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=policy) as stage:
        stage.install(MODULE, capabilities=DECLARED)
        stage.palyra.skills.enable(SKILL)
        stage.install(NEWER, version="2.0.0", capabilities=DECLARED)
        yield stage


def record(plugin_id: str = PLUGIN, **fields: object) -> dict[str, object]:
    """Return an entry of a file."""
    times = {"created_at_unix_ms": 5, "updated_at_unix_ms": 7}
    return {"plugin_id": plugin_id, "enabled": True, "skill_id": SKILL, **times, **fields}


def index(*records: dict[str, object], version: int = 2) -> str:
    """Return a file."""
    return json.dumps({"schema_version": version, "updated_at_unix_ms": 9, "entries": list(records)})


def test_a_plugin_is_bound_with_its_grants(installed: Stage):
    """Lists and names are brought into their one spelling, and a disabled plugin stays so."""
    profile = {"http_hosts": [" API.example.com. "], "channels": ["ops", "ops"]}
    entry = record(" Echo ", skill_id="ACME.echo", enabled=False, capability_profile=profile)

    plan = installed.palyra.plugins.import_index(index(entry, version=1))

    (row,) = installed.palyra.plugins.list()
    assert [(item.name, item.action) for item in plan.items] == [(PLUGIN, "bind")]
    assert (row.skill_id, row.module_path, row.is_enabled) == (SKILL, "modules/plugin.wasm", False)
    assert row.grants == PluginCapabilityProfile(http_hosts=("api.example.com",), channels=("ops",))


@pytest.mark.parametrize(("version", "module"), [(None, MODULE), (" ", MODULE), ("2.0.0", NEWER)])
def test_the_module_is_of_the_release_that_the_file_names(
    installed: Stage, version: str | None, module: bytes
):
    """Where it names none, it is that of the enabled one."""
    installed.palyra.plugins.import_index(index(record(skill_version=version)))

    (row,) = installed.palyra.plugins.list()
    assert row.module_sha256 == hashlib.sha256(module).hexdigest()


def test_what_is_not_kept_is_named(installed: Stage):
    """Nobody is to believe that everything came over; what was only found is no loss."""
    entry = record(
        tool_id="acme.echo",
        operator={"display_name": "Echo", "tags": ["a"]},
        config={"schema_version": 1, "path": "config.json"},
        discovery={"state": "installed"},
    )

    (item,) = installed.palyra.plugins.plan_import(index(entry)).items

    assert item.left_out == ("tool_id", "operator", "config")


def test_what_is_set_here_stays(installed: Stage):
    """The hosts of secrets are not in the file, and importing what is bound changes nothing."""
    installed.palyra.plugins.bind(PLUGIN, skill=SKILL, http_hosts=["api.example.com"])

    with unchanged(installed.log):
        plan = installed.palyra.plugins.import_index(installed.palyra.plugins.export_index())

    assert [item.action for item in plan.items] == ["keep"]


def test_a_conflict_stops_the_whole(installed: Stage):
    """Grants that differ are told in full, and nothing is bound."""
    installed.palyra.plugins.bind(PLUGIN, skill=SKILL)
    document = index(record("free"), record(capability_profile={"channels": ["ops"]}))

    with unchanged(installed.log), pytest.raises(ImportConflict, match="1 of 2") as caught:
        installed.palyra.plugins.import_index(document)
    before = installed.log.head()
    installed.palyra.plugins.import_index(document, replace=True, reason="moved over")

    (problem,) = caught.value.details["failures"]
    assert problem.startswith("echo: here it is modules/plugin.wasm of acme.echo (")
    assert problem.endswith("channels ops")
    assert installed.topics(before) == ["PluginRebound", "PluginBound"]
    assert installed.events(PluginRebound)[0].binding.grants.channels == ("ops",)


def test_a_plugin_is_switched_off_as_in_the_file(installed: Stage):
    """The one event that is needed is the one that is appended."""
    installed.palyra.plugins.bind(PLUGIN, skill=SKILL)
    before = installed.log.head()

    installed.palyra.plugins.import_index(index(record(enabled=False)), replace=True)

    assert installed.events(after=before) == installed.events(PluginDisabled)


def test_what_cannot_be_bound_is_listed_whole(installed: Stage):
    """Whatever a person could not bind, a file cannot either; all of it is told at once."""
    document = index(
        record("one", skill_id="acme.lost"),
        record("two", skill_version="9.9.9"),
        record("three", module_path="modules/other.wasm"),
        record("four", entrypoint="nothing"),
        record("five", capability_profile={"channels": ["elsewhere"]}),
        record("six", capability_profile={"http_hosts": ["*.example.com"]}),
        record("se ven"),
        record("Eight"),
        record("eight"),
    )

    with unchanged(installed.log), pytest.raises(ImportRefused, match="8 of 9") as caught:
        installed.palyra.plugins.import_index(document)

    failed = [failure.partition(":")[0] for failure in caught.value.details["failures"]]
    assert failed == ["eight", "five", "four", "one", "se ven", "six", "three", "two"]
