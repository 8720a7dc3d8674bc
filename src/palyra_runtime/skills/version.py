"""Three-part versions, as manifests write them: no pre-release, no build."""

from __future__ import annotations

import re

from palyra_runtime.skills.errors import ManifestValidation
from palyra_runtime.skills.manifest import U32_MAX

Version = tuple[int, int, int]

_VERSION = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,10})")


def parse_version(text: str) -> Version:
    """Return the parts of a version such as ``1.10.0``; tuples sort as versions do.

    Raises:
        ManifestValidation: it does not have three parts that fit 32 bits.
    """
    problem = version_problem(text)
    if problem:
        raise ManifestValidation(f"The version {problem}.")
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch


def version_problem(text: str) -> str | None:
    """Return what is wrong with a version, or None."""
    match = _VERSION.fullmatch(text)
    if match is None or any(int(part) > U32_MAX for part in match.groups()):
        return f"must be three numbers such as 1.2.3, not {text[:50]!r}"
    return None
