"""The record of one invocation: all that is needed to run it again, and what came out of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from palyra_events.blob import BlobRef, HexDigest
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.identifiers import Identifier, Version

#: what a database column can hold
Count = Annotated[int, Field(ge=0, lt=2**63)]


class LimitsRecord(BaseModel):
    """The limits that an invocation ran under, after all the minima were taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fuel_units: Count
    memory_bytes_max: Count
    table_elements_max: Count
    instances_max: Count
    timeout_ms: Count
    output_bytes_max: Count
    host_calls_max: Count
    transcript_bytes_max: Count
    log_lines_max: Count
    log_bytes_max: Count


class Invocation(BaseModel):
    """One run of a module in the sandbox.

    ``as_of`` is the position at which the right to run was read; a later quarantine does not undo
    a running attempt. ``engine`` is the fingerprint of the engine: fuel is exact only within one.
    ``log_lines_dropped`` counts the lines that the limits left out of ``logs``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    plugin_id: Identifier
    skill_id: Identifier
    skill_version: Version
    module_path: str
    module_sha256: HexDigest
    entrypoint: str | None = None
    engine: str
    limits: LimitsRecord
    grants: PluginCapabilityProfile
    as_of: Count
    input: BlobRef
    output: BlobRef | None = None
    logs: BlobRef | None = None
    transcript: BlobRef | None = None
    log_lines_dropped: Count = 0
    outcome: str
    exit_code: int | None = None
    fuel_units: Count
    memory_bytes_peak: Count
    duration_us: Count
