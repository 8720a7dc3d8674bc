"""A new project: a template with the skill's names in it, and a copy of its language's kit."""

from __future__ import annotations

import errno
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from palyra_runtime.authoring.errors import InvalidProjectName, ProjectExists, ProjectNotWritten
from palyra_runtime.authoring.project import KIT, Project, open_project
from palyra_runtime.authoring.recipe import Language
from palyra_runtime.authoring.shipped import kit_files, template_files

#: languages in which a project can begin
LANGUAGES = (Language.RUST, Language.C, Language.ASSEMBLYSCRIPT, Language.PYTHON, Language.WAT)

#: what a template has in place of the skill's names
_BLANK = re.compile(rb"\{\{([a-z_]+)\}\}")

_WORD = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}", re.ASCII)
_NAME_LENGTH_MAX = 128

#: what a rename says whose target is taken
_OCCUPIED = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR})


@dataclass(frozen=True, slots=True)
class ProjectName:
    """What a new skill is called: ``acme.echo`` is ``echo`` of the publisher ``acme``."""

    skill_id: str
    publisher: str

    @property
    def short(self) -> str:
        """The last word: the names of the folder, the module and the tool."""
        return self.skill_id.rpartition(".")[2]


def project_name(name: str, publisher: str | None, fallback: str) -> ProjectName:
    """Return what a skill is called whose author said ``name`` and perhaps who publishes it.

        project_name("acme.echo", None, "ada")  # acme.echo, published by acme
        project_name("echo", None, "ada")       # ada.echo, published by ada

    Raises:
        InvalidProjectName: a word of it has other characters than a skill's id may have.
    """
    publisher = publisher or (name.partition(".")[0] if "." in name else fallback)
    skill_id = name if "." in name else f"{publisher}.{name}"
    words = [*skill_id.split("."), publisher]
    if not all(_WORD.fullmatch(word) for word in words) or len(skill_id) > _NAME_LENGTH_MAX:
        raise InvalidProjectName(f"{name[:160]!r} of publisher {publisher[:160]!r} cannot name a skill.")
    return ProjectName(skill_id, publisher)


def create_project(language: Language, name: ProjectName, folder: Path) -> Project:
    """Make a project, all of it or nothing, where there is nothing yet.

    Raises:
        ProjectExists: the folder is there and not empty, or is no folder.
        ProjectNotWritten: it cannot be written.
    """
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise ProjectExists(f"{folder} is there already.", folder=str(folder))
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".palyra-new-", dir=folder.absolute().parent) as place:
            made = Path(place) / "project"
            _write(made, language, name)
            _move(made, folder)
    except OSError as error:
        raise ProjectNotWritten(f"{folder} cannot be made: {error.strerror}.", folder=str(folder)) from error
    return open_project(folder)


def _move(made: Path, folder: Path) -> None:
    """Move a folder to where nothing or an empty one is; what came there in the meantime stays."""
    try:
        made.rename(folder)
    except OSError as error:
        if error.errno in _OCCUPIED:
            raise ProjectExists(f"{folder} is there already.", folder=str(folder)) from error
        raise


def _write(folder: Path, language: Language, name: ProjectName) -> None:
    for path, content in _files(language, name):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _files(language: Language, name: ProjectName) -> Iterator[tuple[str, bytes]]:
    names = {
        b"skill_id": name.skill_id,
        b"publisher": name.publisher,
        b"name": name.short,
        b"language": language,
    }
    for path, content in template_files(language).items():
        yield path, _BLANK.sub(lambda blank: names[blank[1]].encode(), content)
    for path, content in kit_files(language).items():
        yield f"{KIT}/{path}", content
