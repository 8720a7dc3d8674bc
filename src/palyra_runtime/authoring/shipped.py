"""What comes with Palyra for authors: the kit of each language, and the templates of projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from palyra_runtime.authoring.recipe import SOURCES, Language

#: the folder of templates whose files every project has
_COMMON = "common"

#: languages whose kit is another one's
_SHARED_KITS: Mapping[Language, Language] = MappingProxyType({Language.C_COMPONENT: Language.C})


def kit_files(language: Language) -> dict[str, bytes]:
    """Return the kit of a language by the names of its files.

    That of WAT is where an author begins, so it is a part of the template, and no module needs it.
    """
    if language is Language.WAT:
        return {}
    return _files("kits", _SHARED_KITS.get(language, language))


def interface_files() -> dict[str, bytes]:
    """Return the interface of components, in WIT, by the names of its files."""
    return _files("wit", "")


def template_files(language: Language) -> dict[str, bytes]:
    """Return what a new project of this language consists of, by path; its kit is not among them."""
    files_of_both = _files("templates", _COMMON) | _files("templates", language)
    if language is Language.WAT:
        begun = {f"{SOURCES}/{name}": content for name, content in _files("kits", language).items()}
        return files_of_both | begun
    return files_of_both


def _files(kind: str, name: str) -> dict[str, bytes]:
    return dict(sorted(_contents(files("palyra_runtime") / "sdk" / kind / name)))


def _contents(folder: Traversable, below: str = "") -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _contents(entry, f"{below}{entry.name}/")
        else:
            yield f"{below}{entry.name}", entry.read_bytes()
