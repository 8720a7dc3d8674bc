"""Artifacts as the reference system reads and writes them: its rules again, with the standard library only.

Nothing here is the product's code, so that the product cannot agree with itself. Where the product is
stricter on purpose (docs/adr/0007), this is not.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import tomllib
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from tests.ed25519 import is_signed, public_key, sign

TOTAL_BYTES_MAX = 67_108_864
ENTRY_BYTES_MAX = 16_777_216
ENTRIES_MAX = 256

_IDENTIFIER = re.compile(r"[a-z0-9._:-]+")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_SIGNATURE_FIELDS = {
    "algorithm", "publisher", "key_id", "public_key_base64", "payload_sha256", "signature_base64",
    "signed_at_unix_ms",
}  # fmt: skip


_NO_ZIP = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError
)  # fmt: skip


class Refused(Exception):
    """The reference would not open it; the message is its kind of error."""


def inspect(data: bytes) -> dict[str, bytes]:
    """Return the entries of an artifact that the reference opens, in its order of checks.

    Raises:
        Refused: it does not.
    """
    entries = _decoded(data)
    manifest = _manifest(_entry(entries, "skill.toml"))
    _check_attestations(entries)
    if not any(path.startswith("modules/") and path.endswith(".wasm") for path in entries):
        raise Refused("MissingArtifactEntry")
    _check_signature(entries, manifest)
    _check_integrity(entries, manifest)
    _check_compatibility(manifest["compat"])
    return entries


def payload_hash(entries: Mapping[str, bytes]) -> str:
    """Return the hash that is signed."""
    text = b"palyra.skill.payload.v1"
    for path in sorted(entries, key=str.encode):
        if path != "signature.json":
            for part in (path.encode(), entries[path]):
                text += len(part).to_bytes(8, "big") + part
    return hashlib.sha256(text).hexdigest()


def write(entries: Mapping[str, bytes], publisher: str, seed: bytes, manifest: str) -> bytes:
    """Return an artifact as the reference writes it; ``{integrity}`` in ``manifest`` is the list's place."""
    listed = "".join(
        f'[[integrity.files]]\npath = "{path}"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n\n'
        for path, content in sorted(entries.items())
    )
    signed = {**entries, "skill.toml": manifest.replace("{integrity}", listed).encode()}
    signed["signature.json"] = _signature(payload_hash(signed), publisher, seed)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(signed, key=str.encode):
            header = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            header.external_attr = 0o100644 << 16
            archive.writestr(header, signed[path], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def key_id(key: bytes) -> str:
    """Return a key's short name."""
    return f"ed25519:{hashlib.sha256(key).digest()[:8].hex()}"


def _signature(payload: str, publisher: str, seed: bytes) -> bytes:
    key = public_key(seed)
    document = {
        "algorithm": "ed25519-sha256",
        "publisher": publisher,
        "key_id": key_id(key),
        "public_key_base64": base64.b64encode(key).decode(),
        "payload_sha256": payload,
        "signature_base64": base64.b64encode(sign(seed, payload.encode())).decode(),
        "signed_at_unix_ms": 1_780_000_000_000,
    }
    return json.dumps(document, indent=2).encode()


def _decoded(data: bytes) -> dict[str, bytes]:
    if len(data) > TOTAL_BYTES_MAX:
        raise Refused("ArtifactTooLarge")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [each for each in archive.infolist() if not each.filename.endswith("/")]
            if len(files) > ENTRIES_MAX:
                raise Refused("ArtifactTooManyEntries")
            return _inflated(archive, files)
    except _NO_ZIP as error:
        raise Refused(f"Zip: {error}") from error


def _inflated(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    entries: dict[str, bytes] = {}
    for file in files:
        path = _normal(file.orig_filename)
        if path in entries:
            raise Refused("DuplicateArtifactEntry")
        with archive.open(file) as stream:
            entries[path] = stream.read(ENTRY_BYTES_MAX + 1)
        if len(entries[path]) > ENTRY_BYTES_MAX:
            raise Refused("ArtifactEntryTooLarge")
        if sum(map(len, entries.values())) > TOTAL_BYTES_MAX:
            raise Refused("ArtifactTooLarge")
    return entries


def _normal(path: str) -> str:
    path = path.strip().replace("\\", "/")
    if not path or path.startswith("/") or "\0" in path or ":" in path:
        raise Refused("InvalidArtifactPath")
    if any(segment in {"", ".", ".."} for segment in path.split("/")):
        raise Refused("InvalidArtifactPath")
    return path


def _entry(entries: Mapping[str, bytes], path: str) -> bytes:
    if path not in entries:
        raise Refused("MissingArtifactEntry")
    return entries[path]


def _manifest(document: bytes) -> dict[str, Any]:
    try:
        manifest = tomllib.loads(document.decode())
        _check_manifest(manifest)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Refused(f"Manifest: {error}") from error
    return manifest


def _check_manifest(manifest: dict[str, Any]) -> None:
    publisher, skill_id = manifest["publisher"].strip(), manifest["skill_id"].strip()
    holds = [
        manifest.get("manifest_version", 2) in {1, 2},
        _IDENTIFIER.fullmatch(publisher),
        _IDENTIFIER.fullmatch(skill_id) and ":" not in skill_id and all(skill_id.split(".")),
        _VERSION.fullmatch(manifest["version"]),
        manifest["name"].strip(),
        manifest["entrypoints"]["tools"],
        *(_is_tool(tool, publisher) for tool in manifest["entrypoints"]["tools"]),
        len({tool["id"].strip() for tool in manifest["entrypoints"]["tools"]})
        == len(manifest["entrypoints"]["tools"]),
    ]
    if not all(holds):
        raise ValueError("a rule of the manifest is broken")


def _is_tool(tool: dict[str, Any], publisher: str) -> bool:
    identifier = tool["id"].strip()
    return (
        bool(_IDENTIFIER.fullmatch(identifier))
        and identifier.startswith(f"{publisher}.")
        and bool(tool["name"].strip() and tool["description"].strip())
        and isinstance(tool["input_schema"], dict)
        and isinstance(tool["output_schema"], dict)
    )


def _check_attestations(entries: Mapping[str, bytes]) -> None:
    sbom = _json(_entry(entries, "sbom.cdx.json"), "InvalidSbom")
    if sbom.get("bomFormat") != "CycloneDX" or not sbom.get("specVersion"):
        raise Refused("InvalidSbom")
    provenance = _json(_entry(entries, "provenance.json"), "InvalidProvenance")
    if not isinstance(provenance.get("builder"), dict):
        raise Refused("InvalidProvenance")
    if not isinstance(provenance.get("subject"), list) or not provenance["subject"]:
        raise Refused("InvalidProvenance")


def _json(document: bytes, kind: str) -> dict[str, Any]:
    try:
        value = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise Refused(kind) from error
    if not isinstance(value, dict):
        raise Refused(kind)
    return value


def _check_signature(entries: Mapping[str, bytes], manifest: dict[str, Any]) -> None:
    signature = _json(_entry(entries, "signature.json"), "Serialization")
    if signature.keys() != _SIGNATURE_FIELDS:
        raise Refused("Serialization")
    payload = payload_hash(entries)
    if signature["payload_sha256"] != payload:
        raise Refused("PayloadHashMismatch")
    try:
        key = base64.b64decode(signature["public_key_base64"], validate=True)
        mark = base64.b64decode(signature["signature_base64"], validate=True)
    except (ValueError, TypeError) as error:
        raise Refused("SignatureVerificationFailed") from error
    if (
        signature["algorithm"] != "ed25519-sha256"
        or signature["key_id"] != key_id(key)
        or not is_signed(key, payload.encode(), mark)
        or signature["publisher"] != manifest["publisher"].strip()
    ):
        raise Refused("SignatureVerificationFailed")


def _check_integrity(entries: Mapping[str, bytes], manifest: dict[str, Any]) -> None:
    listed = {file["path"]: file["sha256"] for file in manifest.get("integrity", {}).get("files", [])}
    actual = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in entries.items()
        if path not in {"skill.toml", "signature.json"}
    }
    if listed != actual:
        raise Refused("ManifestValidation")


def _check_compatibility(compat: dict[str, Any]) -> None:
    oldest = compat.get("min_palyra_version", compat.get("min_runtime_version"))
    protocol = compat.get("required_protocol_major", compat.get("min_protocol_major"))
    newest = compat.get("max_palyra_version")
    if protocol > 1 or _parts(oldest) > (0, 1, 0) or (newest is not None and _parts(newest) < (0, 1, 0)):
        raise Refused("Unsupported")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
