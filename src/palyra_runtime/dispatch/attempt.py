"""One attempt: the bytes that a guest is given, and the record of what came of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from palyra_events.blob import Blob, BlobRef, keep
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.delivery import Failure
from palyra_events.invocation import Invocation as InvocationRecord
from palyra_events.invocation import LimitsRecord
from palyra_events.right import Right
from palyra_runtime.sandbox import CapabilityGrantSet, Exchange, Execution, Limits, LogLine

#: version of the input document
INPUT_SCHEMA = 1

#: outcomes that are a success of a delivery
_SUCCESS = "ok"

#: grants and limits that are kept in another form: those of a plugin are the same in all of its attempts
_KEPT_MAX = 64

#: made once: `json.dumps` makes one for each document
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

_LEVELS = ("trace", "debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A lifecycle event as a plugin is told about it."""

    position: int
    kind: str
    timestamp: datetime
    actor: str
    correlation_id: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Which attempt this is: of which delivery, for which hook."""

    delivery_id: str
    attempt: int
    hook_id: str
    plugin_id: str


@lru_cache(_KEPT_MAX)
def grant_set(grants: PluginCapabilityProfile) -> CapabilityGrantSet:
    """Return what was granted as the sandbox takes it."""
    return CapabilityGrantSet(
        http_hosts=grants.http_hosts,
        secret_keys=grants.secrets,
        storage_prefixes=grants.storage_prefixes,
        channels=grants.channels,
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What the plugin runs under, decided before it starts and recorded with the attempt."""

    right: Right
    grants: PluginCapabilityProfile
    limits: Limits
    as_of: int

    @property
    def grant_set(self) -> CapabilityGrantSet:
        """The grants as the sandbox takes them."""
        return grant_set(self.grants)


@dataclass(slots=True)
class Keeping:
    """Collects the blobs that go into the log together with an outcome."""

    blobs: list[Blob] = field(default_factory=list)

    def keep(self, content: bytes) -> BlobRef:
        """Keep some bytes and return their name."""
        reference, blob = keep(content)
        self.blobs.append(blob)
        return reference

    def keep_any(self, content: bytes) -> BlobRef | None:
        """Keep some bytes; nothing needs no blob."""
        return self.keep(content) if content else None


def input_document(subject: Subject, trigger: Trigger, config: Mapping[str, Any]) -> bytes:
    """Return the input that the guest sees: these very bytes are recorded, never rebuilt."""
    return json_bytes(
        {
            "schema": INPUT_SCHEMA,
            "delivery_id": subject.delivery_id,
            "attempt": subject.attempt,
            "hook_id": subject.hook_id,
            "plugin_id": subject.plugin_id,
            "event": {
                "kind": trigger.kind,
                "position": trigger.position,
                "timestamp": trigger.timestamp.isoformat().replace("+00:00", "Z"),
                "actor": trigger.actor,
                "payload": trigger.payload,
            },
            "config": config,
        }
    )


def record(terms: Terms, execution: Execution, document: bytes) -> tuple[InvocationRecord, list[Blob]]:
    """Return the record of a run, and the blobs that it names."""
    keeping = Keeping()
    release, module = terms.right.release, terms.right.module
    invocation = InvocationRecord(
        plugin_id=terms.right.plugin_id,
        skill_id=terms.right.binding.skill_id,
        skill_version=release.version,
        module_path=module.path,
        module_sha256=module.sha256,
        entrypoint=terms.right.binding.entrypoint,
        engine=execution.engine,
        limits=_limits_record(terms.limits),
        grants=terms.grants,
        as_of=terms.as_of,
        input=keeping.keep(document),
        output=keeping.keep_any(execution.output),
        logs=keeping.keep_any(_logs(execution.logs)),
        transcript=keeping.keep_any(_transcript(execution.transcript)),
        log_lines_dropped=execution.log_lines_dropped,
        outcome=execution.outcome,
        exit_code=execution.exit_code,
        fuel_units=execution.fuel_units,
        memory_bytes_peak=execution.memory_bytes_peak,
        duration_us=execution.duration_us,
    )
    return invocation, keeping.blobs


@lru_cache(_KEPT_MAX)
def _limits_record(limits: Limits) -> LimitsRecord:
    return LimitsRecord(
        fuel_units=limits.fuel_budget,
        memory_bytes_max=limits.max_memory_bytes,
        table_elements_max=limits.max_table_elements,
        instances_max=limits.max_instances,
        timeout_ms=limits.timeout_ms,
        output_bytes_max=limits.output_bytes_max,
        host_calls_max=limits.host_calls_max,
        transcript_bytes_max=limits.transcript_bytes_max,
        log_lines_max=limits.log_lines_max,
        log_bytes_max=limits.log_bytes_max,
    )


def succeeded(execution: Execution) -> bool:
    """Return whether the delivery is done."""
    return execution.outcome == _SUCCESS


def failure(execution: Execution, invocation: InvocationRecord) -> Failure:
    """Return why the delivery is not done; a guest may say itself that trying again is of no use."""
    return Failure(
        outcome=execution.outcome,
        message=execution.message,
        invocation=invocation,
        permanent=not execution.retry_wanted,
    )


def log_records(lines: Iterable[LogLine]) -> list[dict[str, str]]:
    """Return log lines as they are kept and shown, with the names of their levels."""
    return [{"level": _LEVELS[line.level], "text": line.text} for line in lines]


def _logs(lines: Iterable[LogLine]) -> bytes:
    shown = log_records(lines)
    return json_bytes(shown) if shown else b""


def call_records(exchanges: Iterable[Exchange]) -> list[dict[str, Any]]:
    """Return host calls as they are kept and shown, each with its answer."""
    return [{"request": _text(each.request), "answer": _text(each.answer)} for each in exchanges]


def _transcript(exchanges: Iterable[Exchange]) -> bytes:
    shown = call_records(exchanges)
    return json_bytes(shown) if shown else b""


def _text(raw: bytes) -> str | dict[str, str]:
    """Return bytes as an auditor can read them, and as a replay gets them back exactly."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"hex": raw.hex()}


def json_bytes(value: object) -> bytes:
    """Return a document as it is kept, and as a guest is given it."""
    return _ENCODER.encode(value).encode()
