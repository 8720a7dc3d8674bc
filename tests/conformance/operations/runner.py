"""The ``runner.*`` operations: a module run on request, inline or out of an installed artifact."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import tomli_w

from palyra_runtime.runner import PluginRun, WasmPluginRunnerPolicy, run_wasm_plugin, runner_kind
from palyra_runtime.sandbox import wasm_from_text
from palyra_runtime.skills import Artifact, SigningKey, build_artifact, open_artifact

SIGNED_AT_UNIX_MS = 1_767_225_600_000


@dataclass(frozen=True, slots=True)
class OneSkill:
    """A place where one skill is installed."""

    release: Artifact

    def artifact(self, skill_id: str, version: str | None) -> Artifact:
        assert (skill_id, version) == (self.release.manifest.skill_id, self.release.manifest.version)
        return self.release


def _run(given: dict[str, Any], **options: Any) -> PluginRun:
    policy = WasmPluginRunnerPolicy(**given["policy"])
    request = given["input_text"] if "input_text" in given else json.dumps(given["input"])
    return run_wasm_plugin(policy, request, timedelta(milliseconds=given["timeout_ms"]), **options)


def run(given: dict[str, Any]) -> dict[str, Any]:
    return _run(given).output_json()


def run_installed(given: dict[str, Any]) -> dict[str, Any]:
    fields = {"skill_id": given["skill"]["skill_id"], "skill_version": given["skill"]["version"]}
    asked = {
        key: given[key] for key in ("module_path", "tool_id", "entrypoint", "capabilities") if key in given
    }
    request = {**fields, **asked}
    return _run({**given, "input": request}, installed=OneSkill(_installed(given))).output_json()


def _installed(given: dict[str, Any]) -> Artifact:
    name = given["module_path"].removeprefix("modules/")
    data = build_artifact(
        tomli_w.dumps(_manifest(given["skill"])).encode(),
        modules=[(name, wasm_from_text(given["wat"]))],
        sbom={"bomFormat": "CycloneDX", "specVersion": "1.6"},
        provenance={"builder": {"id": "conformance"}, "subject": [{"name": name}]},
        key=SigningKey.from_seed(b"\x33" * 32),
        signed_at_unix_ms=SIGNED_AT_UNIX_MS,
    )
    return open_artifact(data)


def _manifest(skill: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest that declares what the case says that the skill is granted."""
    publisher = skill["skill_id"].partition(".")[0]
    schema = {"type": "object"}
    tool = {"id": skill["skill_id"], "name": "tool", "description": "A tool"}
    secrets = [{"scope": "global", "key_names": skill["grants"]["secret_keys"]}]
    return {
        "skill_id": skill["skill_id"],
        "name": "Skill",
        "version": skill["version"],
        "publisher": publisher,
        "entrypoints": {"tools": [{**tool, "input_schema": schema, "output_schema": schema}]},
        "capabilities": {
            "http_egress_allowlist": skill["grants"]["http_hosts"],
            "secrets": secrets if skill["grants"]["secret_keys"] else [],
            "filesystem": {"write_roots": skill["grants"]["storage_prefixes"]},
            "node_capabilities": skill["grants"]["channels"],
            "quotas": skill["quotas"],
        },
        "compat": {"required_protocol_major": 1, "min_palyra_version": "0.1.0"},
    }


OPERATIONS = {
    "runner.run": run,
    "runner.run_installed": run_installed,
    "runner.map_error": lambda given: runner_kind(given["runtime_error"]),
}

#: the reference's name for a runner that is switched off
KIND_NAMES = {
    "runner.run": {"RunnerDisabled": "Disabled"},
    "runner.run_installed": {"RunnerDisabled": "Disabled"},
}
