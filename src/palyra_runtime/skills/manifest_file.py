"""Reading and writing ``skill.toml``."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import tomli_w
from pydantic import ValidationError

from palyra_runtime.skills.errors import ManifestParse
from palyra_runtime.skills.manifest import Manifest
from palyra_runtime.skills.manifest_rules import check_manifest

MANIFEST_PATH = "skill.toml"
#: bytes; schemas and texts of a rich skill take a tenth of it
MANIFEST_BYTES_MAX = 1_048_576
#: parts of one dotted key
KEY_DEPTH_MAX = 64

_PROBLEMS_SHOWN_MAX = 5

#: ``tomllib`` takes time that grows with the square of a dotted key's parts. Possessive, and
#: starting only where a word starts, so that this search itself is linear.
_DEEP_KEY = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
    f"{{{KEY_DEPTH_MAX}}}"
)


def parse_manifest(document: bytes) -> Manifest:
    """Return the manifest that ``skill.toml`` says, if it keeps to all rules.

    Raises:
        ManifestParse: it is not UTF-8 or not TOML, is too large, or has not the shape of a manifest.
        ManifestValidation: it breaks a rule.
        InvalidArtifactPath: a path that it declares is not a plain relative path.
    """
    manifest = _shaped(_table(document))
    check_manifest(manifest)
    return manifest


def format_manifest(manifest: Manifest) -> bytes:
    """Return ``manifest`` as TOML, with every default written out, so that none can change later."""
    table = manifest.model_dump(mode="json", exclude_none=True)
    if manifest.operator.is_empty:
        del table["operator"]
    return tomli_w.dumps(table).encode()


def _table(document: bytes) -> dict[str, Any]:
    if len(document) > MANIFEST_BYTES_MAX:
        raise ManifestParse(f"{MANIFEST_PATH} is larger than {MANIFEST_BYTES_MAX} bytes.")
    try:
        text = document.decode()
        if _DEEP_KEY.search(text):
            raise ManifestParse(f"{MANIFEST_PATH} has a key of more than {KEY_DEPTH_MAX} parts.")
        return tomllib.loads(text)
    except RecursionError as error:
        raise ManifestParse(f"{MANIFEST_PATH} is nested too deeply.") from error
    except (ValueError, OverflowError) as error:
        raise ManifestParse(f"{MANIFEST_PATH} is not valid TOML: {str(error)[:200]}.") from error


def _shaped(table: dict[str, Any]) -> Manifest:
    try:
        return Manifest.model_validate(table)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in problem['loc'])[:200]}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        shown = "; ".join(problems[:_PROBLEMS_SHOWN_MAX])
        raise ManifestParse(f"{MANIFEST_PATH} does not have the shape of a manifest: {shown}.") from error
