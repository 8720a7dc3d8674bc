"""What a skill consists of: a CycloneDX bill of materials, written by CycloneDX's own library.

It says no time and takes its serial number from what it lists: the same parts give the same bill.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output.json import JsonV1Dot6

from palyra_runtime.authoring.build import BuildRecord, BuiltModule
from palyra_runtime.authoring.interpreter import INTERPRETER_PATH, INTERPRETER_VERSION
from palyra_runtime.authoring.project import ASSETS, KIT, digest
from palyra_runtime.authoring.recipe import Language
from palyra_runtime.skills import Manifest
from palyra_runtime.version import VERSION


def bill_of_materials(
    manifest: Manifest, record: BuildRecord, assets: Mapping[str, bytes]
) -> Mapping[str, Any]:
    """Return the bill of an artifact: its modules and assets, and the libraries in the modules."""
    skill = Component(
        name=manifest.skill_id,
        version=manifest.version,
        type=ComponentType.APPLICATION,
        bom_ref=f"{manifest.skill_id}@{manifest.version}",
    )
    modules = [_file(f"modules/{each.name}.wasm", each.sha256) for each in record.modules]
    packed = [_file(f"{ASSETS}/{path}", digest(content)) for path, content in assets.items()]
    libraries = {each.bom_ref.value: each for module in record.modules for each in _libraries(module)}
    bill = Bom(components=[*modules, *packed, *libraries.values()])
    bill.metadata.component = skill
    bill.metadata.tools = ToolRepository(components=_tools(record.modules))
    bill.register_dependency(skill, [*modules, *packed])
    for module, component in zip(record.modules, modules, strict=True):
        bill.register_dependency(component, [libraries[each.bom_ref.value] for each in _libraries(module)])
    return _numbered(bill)


def _numbered(bill: Bom) -> Mapping[str, Any]:
    """Return the document, with a serial number that its other fields determine."""
    document: dict[str, Any] = json.loads(JsonV1Dot6(bill).output_as_string())
    del document["serialNumber"], document["metadata"]["timestamp"]
    text = json.dumps(document, sort_keys=True)
    return {**document, "serialNumber": uuid5(NAMESPACE_URL, text).urn}


def _file(path: str, sha256: str) -> Component:
    return Component(
        name=path,
        type=ComponentType.FILE,
        bom_ref=path,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
    )


def _libraries(module: BuiltModule) -> Iterator[Component]:
    """Yield what is in a module beside its author's own work."""
    if any(path.startswith(f"{KIT}/") for path in module.sources):
        yield _library(f"palyra-kit-{module.language}", VERSION, "Apache-2.0")
    if module.language == Language.PYTHON:
        sha256 = module.sources[INTERPRETER_PATH]
        yield _library("micropython", INTERPRETER_VERSION, "MIT", sha256)


def _library(name: str, version: str, license_id: str, sha256: str | None = None) -> Component:
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{version}",
        licenses=[DisjunctiveLicense(id=license_id)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)] if sha256 else [],
    )


def _tools(modules: Iterable[BuiltModule]) -> list[Component]:
    used = {("palyra", VERSION), *((module.tool.name, module.tool.version) for module in modules)}
    return [
        Component(name=name, version=version or None, type=ComponentType.APPLICATION)
        for name, version in sorted(used)
    ]
