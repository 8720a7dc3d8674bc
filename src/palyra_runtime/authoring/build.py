"""Building the modules of a project, and the record of what they were built from."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from palyra_events.strict_json import InvalidJson, parse_json
from palyra_runtime.authoring.compilation import Tool, Work, compile_module
from palyra_runtime.authoring.errors import NotBuilt, ProjectNotWritten
from palyra_runtime.authoring.project import Project, digest
from palyra_runtime.authoring.recipe import ModuleRecipe
from palyra_runtime.skills import ModuleInspector

#: beside the modules: what they were built from, and by what
RECORD_PATH = "build.json"

#: bytes
_RECORD_BYTES_MAX = 4 * 1024**2

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class BuiltModule(BaseModel):
    """One module that was built: its digest, and those of all files that it was built from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: Sha256
    size: int
    language: str
    tool: Tool
    sources: dict[str, Sha256]


class BuildRecord(BaseModel):
    """What a build made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    modules: tuple[BuiltModule, ...]


def build_project(project: Project) -> BuildRecord:
    """Build all modules of a project; if one cannot be built, none is written.

    Raises:
        InvalidRecipe: a source is not there.
        MissingToolchain: this machine has no compiler for a language.
        BuildFailed: a compiler refuses a source.
        ProjectNotWritten: the modules cannot be written.
    """
    contents: dict[str, bytes] = {}
    built = []
    for recipe in project.recipe.modules:
        files = project.sources(recipe)
        compiled = compile_module(recipe.language, Work(recipe.source, files, project.folder))
        contents[recipe.file_name] = compiled.module
        built.append(_built(recipe, compiled.module, compiled.tool, files))
    record = BuildRecord(modules=tuple(built))
    contents[RECORD_PATH] = (json.dumps(record.model_dump(mode="json"), indent=2) + "\n").encode()
    for name, content in contents.items():
        write_file(project.modules / name, content)
    return record


def read_build(project: Project) -> tuple[BuildRecord, dict[str, bytes]]:
    """Return what was built last, if it is what the sources of today build: the record, and the modules.

    Raises:
        NotBuilt: nothing was, or a source or a module is another one by now.
    """
    record = _read_record(project.modules / RECORD_PATH)
    built = {module.name: module for module in record.modules}
    if built.keys() != {recipe.name for recipe in project.recipe.modules}:
        raise NotBuilt("build.toml names other modules than those that were built.")
    modules = {}
    for recipe in project.recipe.modules:
        _check_sources(built[recipe.name], project.sources(recipe))
        modules[recipe.file_name] = _read_module(project.modules / recipe.file_name, built[recipe.name])
    return record, modules


def module_problems(module: bytes, inspector: ModuleInspector, entrypoint: str | None) -> list[str]:
    """Return every way in which a module does not fit this host; the audit would find the same."""
    problems = list(inspector.link_problems(module))
    missing = inspector.entrypoint_problem(module, entrypoint)
    return [*problems, missing] if missing else problems


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        ProjectNotWritten: the disk is full, or the like.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                file.write(content)
                os.fchmod(file.fileno(), 0o644)
            except BaseException:
                Path(file.name).unlink()
                raise
        Path(file.name).replace(path)
    except OSError as error:
        raise ProjectNotWritten(f"{path} cannot be written: {error.strerror}.", path=str(path)) from error


def _built(recipe: ModuleRecipe, module: bytes, tool: Tool, files: Mapping[str, bytes]) -> BuiltModule:
    return BuiltModule(
        name=recipe.name,
        sha256=digest(module),
        size=len(module),
        language=recipe.language,
        tool=tool,
        sources={path: digest(content) for path, content in sorted(files.items())},
    )


def _read_record(path: Path) -> BuildRecord:
    try:
        return BuildRecord.model_validate(parse_json(path.read_bytes(), size_max=_RECORD_BYTES_MAX))
    except OSError as error:
        raise NotBuilt("The project was not built yet.") from error
    except (InvalidJson, ValidationError) as error:
        raise NotBuilt(f"{path} is not the record of a build.") from error


def _check_sources(built: BuiltModule, files: Mapping[str, bytes]) -> None:
    now = {path: digest(content) for path, content in files.items()}
    changed = sorted({path for path, _ in now.items() ^ built.sources.items()})
    if changed:
        raise NotBuilt(f"{changed[0]} has changed since {built.name} was built.", changed=changed)


def _read_module(path: Path, built: BuiltModule) -> bytes:
    try:
        module = path.read_bytes()
    except OSError as error:
        raise NotBuilt(f"{path} cannot be read: {error.strerror}.") from error
    if digest(module) != built.sha256:
        raise NotBuilt(f"{path} is not the module that was built.")
    return module
