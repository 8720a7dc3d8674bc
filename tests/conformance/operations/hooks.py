"""Operations on hook bindings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_events.identifiers import normalize_identifier
from palyra_events.lifecycle import normalize_kind

OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "hooks.normalize_event": lambda given: normalize_kind(given["event"]).value,
    "hooks.normalize_id": lambda given: normalize_identifier(given["value"]),
}

KIND_NAMES = {"hooks.normalize_event": {"UnknownHookEvent": "UnsupportedEvent"}}
