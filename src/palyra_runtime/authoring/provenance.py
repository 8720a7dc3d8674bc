"""Who built an artifact from what: an in-toto statement (v1) with a SLSA provenance (v1) in it.

``builder`` stands at the top as well, where readers of artifacts look for it. Times and paths of the
author's machine are left out: the same build gives the same statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from palyra_runtime.authoring.build import BuildRecord, BuiltModule
from palyra_runtime.skills import Manifest
from palyra_runtime.version import VERSION

_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATE = "https://slsa.dev/provenance/v1"
_BUILD_TYPE = "urn:palyra:skill-build:1"


def provenance(manifest: Manifest, record: BuildRecord) -> Mapping[str, Any]:
    """Return the statement for the modules of a build."""
    builder = {"id": "urn:palyra:skill-build", "version": {"palyra": VERSION}}
    return {
        "_type": _STATEMENT,
        "builder": builder,
        "subject": [_descriptor(f"modules/{each.name}.wasm", each.sha256) for each in record.modules],
        "predicateType": _PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": _BUILD_TYPE,
                "externalParameters": {"skill_id": manifest.skill_id, "version": manifest.version},
                "internalParameters": {"modules": [_recipe(each) for each in record.modules]},
                "resolvedDependencies": [
                    _descriptor(path, sha256) for path, sha256 in sorted(_sources(record.modules).items())
                ],
            },
            "runDetails": {"builder": builder},
        },
    }


def _recipe(module: BuiltModule) -> dict[str, Any]:
    tool = module.tool
    return {
        "name": module.name,
        "language": module.language,
        "tool": {"name": tool.name, "version": tool.version, "arguments": list(tool.arguments)},
    }


def _sources(modules: Iterable[BuiltModule]) -> dict[str, str]:
    return {path: sha256 for module in modules for path, sha256 in module.sources.items()}


def _descriptor(name: str, sha256: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": sha256}}
