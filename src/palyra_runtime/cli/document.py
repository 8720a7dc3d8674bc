"""JSON for programs: one document, or one object a line, with the field names of our own rows."""

from __future__ import annotations

import json

from palyra_runtime.cli.safe_text import safe_json
from palyra_runtime.plain import plain

__all__ = ["document", "line", "plain"]


def document(value: object) -> str:
    """Return ``value`` as one indented JSON document, fit for a terminal too."""
    return safe_json(json.dumps(plain(value), ensure_ascii=False, indent=2))


def line(value: object) -> str:
    """Return ``value`` as JSON on one line, fit for a terminal too."""
    return safe_json(json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")))
