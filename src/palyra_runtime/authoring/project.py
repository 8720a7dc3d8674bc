"""The project of a skill: a folder on its author's disk.

``skill.toml`` says what the skill is, ``build.toml`` how its modules are built. ``src/`` is what its
author writes, ``kit/`` a copy of the language's kit, and ``assets/``, if any, is packed as it is.
``fixtures/*.json`` are events and tool calls to try, ``golden/*.json`` what the plugin answers them with;
``build/`` has what was built and packed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from palyra_runtime.authoring.errors import InvalidRecipe, NoProject
from palyra_runtime.authoring.recipe import RECIPE_PATH, SOURCES, Language, ModuleRecipe, Recipe, parse_recipe
from palyra_runtime.authoring.shipped import kit_files
from palyra_runtime.skills import MANIFEST_PATH, Manifest, parse_manifest

KIT = "kit"
FIXTURES = "fixtures"
GOLDEN = "golden"
ASSETS = "assets"
BUILD = "build"

#: bytes of one file; an artifact takes no larger one
_FILE_BYTES_MAX = 16 * 1024**2
_FILES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Project:
    """A project as its files say it is; ``modules`` is the folder that its modules are built into."""

    folder: Path
    document: bytes
    manifest: Manifest
    recipe: Recipe
    modules: Path

    def sources(self, module: ModuleRecipe) -> dict[str, bytes]:
        """Return all that a module is built from, by path: sources, and the kit of its language.

        The kit is the project's copy, or, where it has none, the one that comes with Palyra.

        Raises:
            InvalidRecipe: the source is not there, or the folder holds more than sources do.
        """
        if module.language is Language.WASM:
            return {module.source: self._file(module.source)}
        found = dict(_files(self.folder / SOURCES, f"{SOURCES}/"))
        if module.source not in found:
            raise InvalidRecipe(f"{module.source} is not there, and {RECIPE_PATH} names it.")
        kit = self.folder / KIT
        shipped = ((f"{KIT}/{name}", content) for name, content in kit_files(module.language).items())
        return found | dict(_files(kit, f"{KIT}/") if kit.is_dir() else shipped)

    def assets(self) -> dict[str, bytes]:
        """Return the files that are packed as they are, by their paths below ``assets/``."""
        folder = self.folder / ASSETS
        return dict(_files(folder)) if folder.is_dir() else {}

    def _file(self, path: str) -> bytes:
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise InvalidRecipe(f"{path} cannot be read: {error.strerror}.", path=path) from error


def open_project(folder: Path, *, modules: Path | None = None) -> Project:
    """Return the project in a folder; modules are built into ``build/`` if nothing else is said.

    Raises:
        NoProject: its two files are not there.
        InvalidRecipe: ``build.toml`` is not well-formed.
        ManifestParse, ManifestValidation, InvalidArtifactPath: ``skill.toml`` is not valid.
    """
    document = _described(folder, MANIFEST_PATH)
    recipe = parse_recipe(_described(folder, RECIPE_PATH))
    return Project(folder, document, parse_manifest(document), recipe, modules or folder / BUILD)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _described(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise NoProject(f"{folder / name} cannot be read: {error.strerror}.", folder=str(folder)) from error


def _files(folder: Path, below: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files in a folder and in those below it, in byte order of path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    if len(paths) > _FILES_MAX:
        raise InvalidRecipe(f"{folder} holds {len(paths)} files; {_FILES_MAX} are the most.")
    for path in paths:
        if path.stat().st_size > _FILE_BYTES_MAX:
            raise InvalidRecipe(f"{path} is larger than {_FILE_BYTES_MAX} bytes.")
        yield f"{below}{path.relative_to(folder).as_posix()}", path.read_bytes()
