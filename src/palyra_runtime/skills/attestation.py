"""The two documents that say what is in an artifact and who built it."""

from __future__ import annotations

from typing import Any

from palyra_events.errors import PalyraError
from palyra_events.strict_json import InvalidJson, parse_json
from palyra_runtime.skills.errors import InvalidProvenance, InvalidSbom

SBOM_PATH = "sbom.cdx.json"
PROVENANCE_PATH = "provenance.json"
#: bytes; read, a hostile document takes thirty times its size
DOCUMENT_BYTES_MAX = 4_194_304


def parse_sbom(document: bytes) -> dict[str, Any]:
    """Return the software bill of materials: what the skill was made of (CycloneDX).

    Raises:
        InvalidSbom: it is not a JSON object that calls itself a CycloneDX document of some version.
    """
    sbom = _object(document, SBOM_PATH, InvalidSbom)
    version = sbom.get("specVersion")
    if sbom.get("bomFormat") != "CycloneDX":
        raise InvalidSbom(f'{SBOM_PATH} does not have "bomFormat": "CycloneDX".')
    if not isinstance(version, str) or not version.strip():
        raise InvalidSbom(f'{SBOM_PATH} does not say its "specVersion".')
    return sbom


def parse_provenance(document: bytes) -> dict[str, Any]:
    """Return the provenance: who built the skill, and which files came out.

    Raises:
        InvalidProvenance: it is not a JSON object with a builder and a subject.
    """
    provenance = _object(document, PROVENANCE_PATH, InvalidProvenance)
    if not isinstance(provenance.get("builder"), dict):
        raise InvalidProvenance(f'{PROVENANCE_PATH} has no "builder" object.')
    subject = provenance.get("subject")
    if not isinstance(subject, list) or not subject:
        raise InvalidProvenance(f'{PROVENANCE_PATH} has no "subject", or an empty one.')
    return provenance


def _object(document: bytes, path: str, error_class: type[PalyraError]) -> dict[str, Any]:
    try:
        value = parse_json(document, size_max=DOCUMENT_BYTES_MAX)
    except InvalidJson as error:
        raise error_class(f"{path}: {error.message}") from error
    if not isinstance(value, dict):
        raise error_class(f"{path} is not a JSON object.")
    return value
