"""The sample skills, packed and signed as artifacts: the same bytes on any day."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from palyra_events.errors import NotFound
from palyra_runtime.authoring import open_project, pack_project
from palyra_runtime.skills import MANIFEST_PATH, SigningKey

#: Published with every copy of Palyra, so anybody can sign with the key that it makes.
DEMO_KEY_TEXT = b"palyra sample skills: everybody has this key, so trust it for nothing else"

#: Samples do not tell when they were packed.
SIGNED_AT = datetime(2026, 1, 1, tzinfo=UTC)

#: where a sample's modules are, built by scripts/build-guests and shipped
_MODULES = "modules"


class UnknownSample(NotFound):
    """There is no sample skill of this name."""

    code = "UNKNOWN_SAMPLE"
    advice = "Write all samples into a folder with: python -m palyra_runtime.sdk FOLDER"


def demo_key() -> SigningKey:
    """Return the key that the samples are signed with. It is public: it proves nothing about anybody."""
    return SigningKey.from_seed(hashlib.sha256(DEMO_KEY_TEXT).digest())


def sample_names() -> tuple[str, ...]:
    """Return the names of the sample skills, sorted."""
    return tuple(sorted(folder.name for folder in _samples().iterdir() if _is_sample(folder)))


def sample_folder(name: str) -> AbstractContextManager[Path]:
    """Return the project of a sample skill, as a folder to be used in a ``with`` block.

    Raises:
        UnknownSample: there is none of this name.
    """
    if name not in sample_names():
        raise UnknownSample(f"There is no sample skill {name!r}.", name=name)
    return as_file(_samples() / name)


def pack_sample(name: str, key: SigningKey) -> bytes:
    """Return the artifact of a sample skill, signed with ``key``.

    Raises:
        UnknownSample: there is none of this name.
    """
    with sample_folder(name) as folder:
        project = open_project(folder, modules=folder / _MODULES)
        return pack_project(project, key, signed_at=SIGNED_AT).artifact


def _samples() -> Traversable:
    return files("palyra_runtime") / "sdk" / "samples"


def _is_sample(folder: Traversable) -> bool:
    return (folder / MANIFEST_PATH).is_file()
