"""Operations on hook bindings, and on what hooks decide at the phases of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_events.decision import HookDecision, attach_decision, decision_of_exit, resolve
from palyra_events.hook_index import (
    HookBindingRecord,
    HookBindingRequest,
    parse_hook_index,
    upsert_hook,
)
from palyra_events.identifiers import normalize_identifier
from palyra_events.lifecycle import normalize_kind
from palyra_events.run_phase import RunPhase, parse_phase


def load_index(given: dict[str, Any]) -> dict[str, Any]:
    index = parse_hook_index(given["file_text"])
    return {**index.document(), "hook_ids": [entry.hook_id for entry in index.entries]}


def upsert(given: dict[str, Any]) -> dict[str, object]:
    existing = given.get("existing")
    return upsert_hook(
        None if existing is None else HookBindingRecord(**existing),
        HookBindingRequest(**given["request"]),
        given["now_unix_ms"],
    ).document()


def enforce(given: dict[str, Any]) -> bool:
    phase = RunPhase(parse_phase(given["event"]) or given["event"])
    resolve(phase, [HookDecision(**each) for each in given["decisions"]]).enforce()
    return True


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "hooks.attach_decision": lambda given: attach_decision(
        given["output"], HookDecision(**given["decision"])
    ),
    "hooks.enforce_resolution": enforce,
    "hooks.exit_code_decision": lambda given: decision_of_exit(given["exit_code"]).value,
    "hooks.load_index": load_index,
    "hooks.normalize_event": lambda given: normalize_kind(given["event"]).value,
    "hooks.normalize_id": lambda given: normalize_identifier(given["value"]),
    "hooks.upsert": upsert,
}

#: their cases name some fields of a result only
PARTIAL = frozenset({"hooks.load_index"})

KIND_NAMES = {
    "hooks.normalize_event": {"UnknownHookEvent": "UnsupportedEvent"},
    "hooks.upsert": {"UnknownHookEvent": "UnsupportedEvent"},
    "hooks.enforce_resolution": {
        "PhaseMismatch": "phase_mismatch",
        "DecisionNotAllowed": "decision_not_allowed_in_phase",
    },
}
