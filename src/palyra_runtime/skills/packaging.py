"""Packing and signing an artifact. The same inputs give the same bytes, on any day."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from palyra_runtime.skills.archive import check_entry_count, check_entry_size, check_total_size, sorted_paths
from palyra_runtime.skills.artifact import integrity_of
from palyra_runtime.skills.attestation import PROVENANCE_PATH, SBOM_PATH, parse_provenance, parse_sbom
from palyra_runtime.skills.compatibility import check_compatibility
from palyra_runtime.skills.errors import (
    DuplicateArtifactEntry,
    ManifestValidation,
    MissingArtifactEntry,
    Serialization,
)
from palyra_runtime.skills.manifest import Manifest
from palyra_runtime.skills.manifest_file import MANIFEST_PATH, format_manifest, parse_manifest
from palyra_runtime.skills.paths import ASSETS, MODULES, is_module_path, normalize_path
from palyra_runtime.skills.payload import SIGNATURE_PATH, payload_sha256
from palyra_runtime.skills.signing_key import SigningKey

#: the earliest time that ZIP can say; an artifact does not tell when it was packed
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o644
_UNIX = 3

#: files given to `build_artifact`: paths below their folder, and contents
Files = Iterable[tuple[str, bytes]]


def build_artifact(  # noqa: PLR0913 - the parts of an artifact, each by name
    manifest: bytes,
    *,
    modules: Files,
    sbom: Mapping[str, Any],
    provenance: Mapping[str, Any],
    key: SigningKey,
    signed_at_unix_ms: int,
    assets: Files = (),
) -> bytes:
    """Return the artifact of one release.

        build_artifact(
            Path("skill.toml").read_bytes(),
            modules=[("echo.wasm", wasm)],
            sbom={"bomFormat": "CycloneDX", "specVersion": "1.6"},
            provenance={"builder": {"id": "ci"}, "subject": [{"name": "echo.wasm"}]},
            key=SigningKey.from_seed(seed),
            signed_at_unix_ms=1_790_000_000_000,
        )

    The integrity list in ``manifest`` is written anew.

    Raises:
        PalyraError: as `open_artifact` would: what cannot be opened is not packed.
    """
    declared = parse_manifest(manifest)
    check_compatibility(declared.compat)
    entries = _entries([*_modules(modules), *_assets(assets)])
    entries[SBOM_PATH] = _json_bytes(sbom)
    entries[PROVENANCE_PATH] = _json_bytes(provenance)
    parse_sbom(entries[SBOM_PATH])
    parse_provenance(entries[PROVENANCE_PATH])
    entries[MANIFEST_PATH] = _manifest_bytes(declared, entries)
    signature = key.sign(
        payload_sha256(entries), publisher=declared.publisher, signed_at_unix_ms=signed_at_unix_ms
    )
    entries[SIGNATURE_PATH] = _json_bytes(signature.model_dump())
    return write_archive(entries)


def write_archive(entries: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive of these entries: byte order of path, deflated, a fixed time and mode.

    Raises:
        ArtifactTooManyEntries, ArtifactEntryTooLarge, ArtifactTooLarge: it would not open again.
    """
    check_entry_count(len(entries))
    for path, content in entries.items():
        check_entry_size(path, len(content))
    check_total_size(sum(len(content) for content in entries.values()))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted_paths(entries):
            archive.writestr(_entry_header(path), entries[path], zipfile.ZIP_DEFLATED, compresslevel=9)
    data = target.getvalue()
    check_total_size(len(data))
    return data


def _entry_header(path: str) -> zipfile.ZipInfo:
    header = zipfile.ZipInfo(path, date_time=_ZIP_EPOCH)
    header.create_system = _UNIX
    header.external_attr = _FILE_MODE << 16
    return header


def _modules(modules: Files) -> Iterator[tuple[str, bytes]]:
    found = False
    for name, content in modules:
        path = normalize_path(f"{MODULES}{name.strip()}")
        if not is_module_path(path):
            raise ManifestValidation(f"The module {path} must be named *.wasm.", path=path)
        found = True
        yield path, content
    if not found:
        raise MissingArtifactEntry(
            "A skill needs at least one module: modules/*.wasm.", path="modules/*.wasm"
        )


def _assets(assets: Files) -> Iterator[tuple[str, bytes]]:
    for name, content in assets:
        yield normalize_path(f"{ASSETS}{name.strip()}"), content


def _entries(files: Files) -> dict[str, bytes]:
    entries: dict[str, bytes] = {}
    for path, content in files:
        if path in entries:
            raise DuplicateArtifactEntry(f"{path} is given more than once.", path=path)
        entries[path] = content
    return entries


def _manifest_bytes(declared: Manifest, entries: Mapping[str, bytes]) -> bytes:
    document = format_manifest(declared.model_copy(update={"integrity": integrity_of(entries)}))
    parse_manifest(document)
    return document


def _json_bytes(value: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(
            value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        ).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Serialization(f"A document of the artifact cannot be written as JSON: {error}.") from error
