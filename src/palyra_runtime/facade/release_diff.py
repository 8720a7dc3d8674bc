"""How two releases of a skill differ: what they say, what they ask for, and what is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from palyra_runtime.facade.entitlement import values_beyond
from palyra_runtime.skills import Artifact, Manifest, ModuleInspector, declared_capabilities

Kind = Literal["added", "removed", "changed", "same"]

#: parts of a manifest that have places of their own in a comparison, or follow from the files
_ELSEWHERE = frozenset({"version", "integrity", "capabilities"})


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One value of the manifest, by its path in it; None stands for a value that is not there."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file of the artifacts: sizes in bytes, and SHA-256; None where it is not there."""

    path: str
    kind: Kind
    size_before: int | None
    size_after: int | None
    sha256_before: str | None
    sha256_after: str | None


@dataclass(frozen=True, slots=True)
class ModuleDiff:
    """A module that is in both releases or in one, and what it imports more or less than before."""

    file: FileDiff
    imports_more: tuple[str, ...]
    imports_less: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """The comparison; files that are the same are not in it, modules are."""

    skill_id: str
    version_before: str
    version_after: str
    manifest: tuple[FieldDiff, ...]
    declares_more: tuple[str, ...]
    declares_less: tuple[str, ...]
    modules: tuple[ModuleDiff, ...]
    files: tuple[FileDiff, ...]


def compare_releases(before: Artifact, after: Artifact, inspector: ModuleInspector) -> ReleaseDiff:
    """Return how one release differs from another."""
    declared_before, declared_after = (declared_capabilities(each.manifest) for each in (before, after))
    modules = _files(before.modules, after.modules)
    return ReleaseDiff(
        skill_id=after.manifest.skill_id,
        version_before=before.manifest.version,
        version_after=after.manifest.version,
        manifest=tuple(_fields(before.manifest, after.manifest)),
        declares_more=values_beyond(declared_after, declared_before),
        declares_less=values_beyond(declared_before, declared_after),
        modules=tuple(_module(file, before, after, inspector) for file in modules),
        files=tuple(file for file in _files(before.assets, after.assets) if file.kind != "same"),
    )


def _module(file: FileDiff, before: Artifact, after: Artifact, inspector: ModuleInspector) -> ModuleDiff:
    had, has = (_imports(artifact.modules.get(file.path), inspector) for artifact in (before, after))
    return ModuleDiff(file, tuple(sorted(has - had)), tuple(sorted(had - has)))


def _imports(module: bytes | None, inspector: ModuleInspector) -> set[str]:
    """Return the names of the modules that a module imports from; one that is no WASM has none."""
    if module is None or inspector.compile_problem(module) is not None:
        return set()
    return set(inspector.import_modules(module))


def _files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileDiff]:
    return [_file(path, before.get(path), after.get(path)) for path in sorted({*before, *after})]


def _file(path: str, before: bytes | None, after: bytes | None) -> FileDiff:
    return FileDiff(
        path=path,
        kind=_kind(before, after),
        size_before=_size(before),
        size_after=_size(after),
        sha256_before=_digest(before),
        sha256_after=_digest(after),
    )


def _kind(before: bytes | None, after: bytes | None) -> Kind:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "same" if before == after else "changed"


def _size(content: bytes | None) -> int | None:
    return None if content is None else len(content)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _fields(before: Manifest, after: Manifest) -> Iterator[FieldDiff]:
    """Yield the values that differ; lists of things with an id are compared by id, others as a whole."""
    flat = [dict(_flat("", _table(each))) for each in (before, after)]
    for path in sorted({*flat[0], *flat[1]}):
        if flat[0].get(path) != flat[1].get(path):
            yield FieldDiff(path, flat[0].get(path), flat[1].get(path))


def _table(manifest: Manifest) -> dict[str, Any]:
    table = manifest.model_dump(mode="json", exclude=set(_ELSEWHERE), exclude_none=True)
    return {**table, "quotas": manifest.capabilities.quotas.model_dump(mode="json")}


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and not path.endswith("_schema"):
        for name, member in value.items():
            yield from _flat(f"{path}.{name}" if path else name, member)
    elif isinstance(value, list) and value and all(isinstance(each, dict) and "id" in each for each in value):
        for each in value:
            yield from _flat(f"{path}[{each['id']}]", each)
    else:
        yield path, value
