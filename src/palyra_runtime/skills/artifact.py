"""An artifact: the signed bytes of one release, opened and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from palyra_runtime.skills.archive import read_archive
from palyra_runtime.skills.attestation import PROVENANCE_PATH, SBOM_PATH, parse_provenance, parse_sbom
from palyra_runtime.skills.compatibility import check_compatibility
from palyra_runtime.skills.errors import (
    ManifestValidation,
    MissingArtifactEntry,
    PayloadHashMismatch,
    SignatureVerificationFailed,
)
from palyra_runtime.skills.manifest import Integrity, IntegrityFile, Manifest
from palyra_runtime.skills.manifest_file import MANIFEST_PATH, parse_manifest
from palyra_runtime.skills.manifest_warnings import ManifestWarning, manifest_warnings
from palyra_runtime.skills.paths import ASSETS, is_module_path
from palyra_runtime.skills.payload import SIGNATURE_PATH, payload_sha256
from palyra_runtime.skills.signature import Signature, parse_signature, verify_signature

#: files that the integrity list does not name: it is in the one, and the other covers it
_NOT_LISTED = frozenset({MANIFEST_PATH, SIGNATURE_PATH})


@dataclass(frozen=True, slots=True)
class Artifact:
    """One release, whole and signed by somebody; whether by somebody trusted, `trust` decides.

    ``entries`` are all files by path. ``modules`` (such as ``modules/plugin.wasm``) and ``assets``
    (such as ``assets/prompt.txt``) are views of them.
    """

    manifest: Manifest
    warnings: tuple[ManifestWarning, ...]
    entries: Mapping[str, bytes]
    modules: Mapping[str, bytes]
    assets: Mapping[str, bytes]
    signature: Signature
    payload_sha256: str
    artifact_sha256: str

    @property
    def sbom(self) -> Mapping[str, Any]:
        """What the skill was made of; read from its bytes each time, because values take more room."""
        return parse_sbom(self.entries[SBOM_PATH])

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Who built the skill; read from its bytes each time, like the SBOM."""
        return parse_provenance(self.entries[PROVENANCE_PATH])

    @property
    def manifest_bytes(self) -> bytes:
        """``skill.toml`` as it was signed."""
        return self.entries[MANIFEST_PATH]


def open_artifact(data: bytes) -> Artifact:
    """Return the artifact that ``data`` is, after every check that needs no opinion.

    The checks go from the outside in, and the signature is verified over what was read: the archive
    and its limits, the manifest and its rules, the attestations, the modules, the payload hash, the
    signature and its publisher, the integrity list, and whether this host can run the skill.

        artifact = open_artifact(Path("echo.palyra-skill").read_bytes())
        artifact.manifest.skill_id, sorted(artifact.modules)

    Raises:
        InvalidArchive, ArtifactTooLarge, ArtifactEntryTooLarge, ArtifactTooManyEntries,
        InvalidArtifactPath, DuplicateArtifactEntry: see `read_archive`.
        MissingArtifactEntry: a file that each artifact has is not there.
        ManifestParse, ManifestValidation: see `parse_manifest`; also where the integrity list is wrong.
        InvalidSbom, InvalidProvenance, Serialization: a JSON document is not what it must be.
        PayloadHashMismatch: the content is not what the signature names.
        SignatureVerificationFailed: the signature is not valid, or is another publisher's.
        UnsupportedProtocolMajor, UnsupportedRuntimeVersion, RuntimeVersionAboveSupportedMaximum: the
            skill is for other hosts.
    """
    entries = read_archive(data)
    manifest = parse_manifest(_entry(entries, MANIFEST_PATH))
    parse_sbom(_entry(entries, SBOM_PATH))
    parse_provenance(_entry(entries, PROVENANCE_PATH))
    _check_modules(entries)
    signature = parse_signature(_entry(entries, SIGNATURE_PATH))
    payload = payload_sha256(entries)
    _check_signature(signature, payload, manifest)
    _check_integrity(manifest, entries)
    check_compatibility(manifest.compat)
    return Artifact(
        manifest=manifest,
        warnings=manifest_warnings(manifest),
        entries=entries,
        modules=_chosen(entries, is_module_path),
        assets=_chosen(entries, lambda path: path.startswith(ASSETS)),
        signature=signature,
        payload_sha256=payload,
        artifact_sha256=hashlib.sha256(data).hexdigest(),
    )


def integrity_of(entries: Mapping[str, bytes]) -> Integrity:
    """Return the integrity list that a manifest must have beside these entries."""
    return Integrity(
        files=tuple(
            IntegrityFile(path=path, sha256=hashlib.sha256(entries[path]).hexdigest())
            for path in sorted(entries, key=str.encode)
            if path not in _NOT_LISTED
        )
    )


def _entry(entries: Mapping[str, bytes], path: str) -> bytes:
    if path not in entries:
        raise MissingArtifactEntry(f"The artifact has no {path}.", path=path)
    return entries[path]


def _chosen(entries: Mapping[str, bytes], wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
    return MappingProxyType({path: content for path, content in entries.items() if wanted(path)})


def _check_modules(entries: Mapping[str, bytes]) -> None:
    if not any(is_module_path(path) for path in entries):
        raise MissingArtifactEntry("The artifact has no modules/*.wasm.", path="modules/*.wasm")


def _check_signature(signature: Signature, payload: str, manifest: Manifest) -> None:
    if signature.payload_sha256 != payload:
        raise PayloadHashMismatch(
            f"The content has the hash {payload}, but {signature.payload_sha256[:80]!r} was signed.",
            actual=payload,
            signed=signature.payload_sha256,
        )
    verify_signature(signature)
    if signature.publisher != manifest.publisher:
        raise SignatureVerificationFailed(
            f"The skill is {manifest.publisher}'s, but the signature is {signature.publisher[:100]!r}'s."
        )


def _check_integrity(manifest: Manifest, entries: Mapping[str, bytes]) -> None:
    listed = {(file.path, file.sha256) for file in manifest.integrity.files}
    actual = {(file.path, file.sha256) for file in integrity_of(entries).files}
    if listed != actual or len(listed) != len(manifest.integrity.files):
        wrong = sorted({path[:200] for path, _ in listed ^ actual}) or ["a file that is listed twice"]
        raise ManifestValidation(
            f"integrity.files does not match the artifact: see {', '.join(wrong[:5])}.", paths=wrong
        )
