"""The hash that a signature is over: one number for all that an artifact holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from palyra_runtime.skills.archive import sorted_paths

SIGNATURE_PATH = "signature.json"

_DOMAIN = b"palyra.skill.payload.v1"


def payload_sha256(entries: Mapping[str, bytes]) -> str:
    """Return the hash of all entries but the signature, in lower-case hexadecimal.

    SHA-256 of a domain tag, then of each path and content in byte order of path, each preceded by
    its length (8 bytes, big endian), so that no two sets of entries give the same input.
    """
    digest = hashlib.sha256(_DOMAIN)
    for path in sorted_paths(entries):
        if path == SIGNATURE_PATH:
            continue
        for part in (path.encode(), entries[path]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()
