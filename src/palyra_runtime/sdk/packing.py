"""The sample skills, packed and signed as artifacts: the same bytes on any day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeAlias

from palyra_events.errors import NotFound
from palyra_runtime.skills import MANIFEST_PATH, Manifest, SigningKey, build_artifact, parse_manifest

#: Published with every copy of Palyra, so anybody can sign with the key that it makes.
DEMO_KEY_TEXT = b"palyra sample skills: everybody has this key, so trust it for nothing else"

#: milliseconds since 1970: 2026-01-01T00:00:00Z. Samples do not tell when they were packed.
SIGNED_AT_UNIX_MS = 1_767_225_600_000

_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATE = "https://slsa.dev/provenance/v1"

Contents: TypeAlias = Sequence[tuple[str, bytes]]


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


def pack_sample(name: str, key: SigningKey) -> bytes:
    """Return the artifact of a sample skill, signed with ``key``.

    Raises:
        UnknownSample: there is none of this name.
    """
    folder = _samples() / name
    if name not in sample_names():
        raise UnknownSample(f"There is no sample skill {name!r}.", name=name)
    document = (folder / MANIFEST_PATH).read_bytes()
    manifest = parse_manifest(document)
    modules = tuple(_contents(folder / "modules"))
    return build_artifact(
        document,
        modules=modules,
        sbom=_sbom(manifest, modules),
        provenance=_provenance(modules, tuple(_contents(folder / "source"))),
        key=key,
        signed_at_unix_ms=SIGNED_AT_UNIX_MS,
    )


def _samples() -> Traversable:
    return files(__package__) / "samples"


def _is_sample(folder: Traversable) -> bool:
    return (folder / MANIFEST_PATH).is_file()


def _contents(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        yield entry.name, entry.read_bytes()


def _sbom(manifest: Manifest, modules: Contents) -> Mapping[str, Any]:
    """Return what the skill consists of (CycloneDX 1.6): modules, as they have no other parts."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": manifest.skill_id, "version": manifest.version}
        },
        "components": [
            {
                "type": "file",
                "name": f"modules/{name}",
                "hashes": [{"alg": "SHA-256", "content": _sha256(content)}],
            }
            for name, content in modules
        ],
    }


def _provenance(modules: Contents, sources: Contents) -> Mapping[str, Any]:
    """Return which modules were built from which sources: an in-toto statement, SLSA 1.0 predicate.

    ``builder`` stands at the top as well, where readers of artifacts look for it.
    """
    builder = {"id": "urn:palyra:scripts/build-guests"}
    return {
        "_type": _STATEMENT,
        "builder": builder,
        "subject": [_descriptor(f"modules/{name}", content) for name, content in modules],
        "predicateType": _PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": "urn:palyra:sample-skill:1",
                "externalParameters": {},
                "resolvedDependencies": [_descriptor(f"source/{name}", content) for name, content in sources],
            },
            "runDetails": {"builder": builder},
        },
    }


def _descriptor(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": _sha256(content)}}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
