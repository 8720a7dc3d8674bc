"""Holding a run against the record of one: each aspect by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from palyra_events.blob import BlobRef
from palyra_runtime.dispatch.attempt import json_bytes, log_records
from palyra_runtime.replay.consequence import consequences_of, in_words, recorded_consequences
from palyra_runtime.replay.finding import Aspect, Difference, changed, document_diff
from palyra_runtime.replay.material import Material
from palyra_runtime.sandbox import CapabilityGrantSet, Exchange, Execution

#: returns what is kept under a reference, None where it is kept no longer
ReadContent: TypeAlias = Callable[[BlobRef | None], bytes | None]

#: characters of a request that are shown
_REQUEST_LENGTH_MAX = 200

#: what came of a run that ended well
SUCCESS = "ok"


class Comparison:
    """Compares runs with their records; ``read`` is asked only for what is to be shown."""

    def __init__(self, read: ReadContent) -> None:
        self._read = read

    def exactly(
        self, material: Material, execution: Execution, said: str, grants: CapabilityGrantSet
    ) -> list[Difference]:
        """Return all in which a replay differs from its record, to the byte and the unit of fuel."""
        record = material.invocation
        found = [
            self._calls(material, execution),
            changed(Aspect.OUTCOME, "outcome", record.outcome, execution.outcome),
            self._verdict(material, execution, said),
            changed(Aspect.EXIT_CODE, "exit code", record.exit_code, execution.exit_code),
            _retry(material, execution),
            changed(Aspect.FUEL, "units of fuel", record.fuel_units, execution.fuel_units),
            changed(Aspect.MEMORY, "bytes of memory", record.memory_bytes_peak, execution.memory_bytes_peak),
            self._document(Aspect.OUTPUT, "output", record.output, execution.output),
            self._logs(material, execution),
            changed(Aspect.LOGS, "log lines left out", record.log_lines_dropped, execution.log_lines_dropped),
            self._effects(material, execution, said, grants),
        ]
        return [each for each in found if each is not None]

    def in_effect(
        self, material: Material, execution: Execution, said: str, grants: CapabilityGrantSet
    ) -> list[Difference]:
        """Return in what another module's run differs for whoever sees what comes of it."""
        record = material.invocation
        found = [
            changed(Aspect.OUTCOME, "result", material.run.said, said),
            changed(Aspect.EXIT_CODE, "exit code", record.exit_code, execution.exit_code),
            self._document(Aspect.OUTPUT, "output", record.output, execution.output),
            self._logs(material, execution),
            self._effects(material, execution, said, grants),
        ]
        return [each for each in found if each is not None]

    def _verdict(self, material: Material, execution: Execution, said: str) -> Difference | None:
        """Return in what the result differs, where the outcome of the guest itself does not tell it."""
        if material.invocation.outcome != execution.outcome:
            return None
        return changed(Aspect.VERDICT, "result", material.run.said, said)

    def _calls(self, material: Material, execution: Execution) -> Difference | None:
        recorded, replayed = material.transcript, execution.transcript
        if recorded == replayed:
            return None
        place = next(_places(recorded, replayed))
        was, now = _request(recorded, place), _request(replayed, place)
        message = f"host call {place + 1}: {was} then, {now} now."
        return Difference(Aspect.HOST_CALLS, message)

    def _document(
        self, aspect: Aspect, name: str, reference: BlobRef | None, replayed: bytes
    ) -> Difference | None:
        if _digest(replayed) == (None if reference is None else reference.sha256):
            return None
        was = 0 if reference is None else reference.size
        others = " others" if was == len(replayed) else ""
        message = f"{name}: {was:,} bytes then, {len(replayed):,}{others} now."
        return Difference(aspect, message, document_diff(self._read(reference), replayed))

    def _logs(self, material: Material, execution: Execution) -> Difference | None:
        lines = json_bytes(log_records(execution.logs)) if execution.logs else b""
        return self._document(Aspect.LOGS, "log lines", material.invocation.logs, lines)

    def _effects(
        self, material: Material, execution: Execution, said: str, grants: CapabilityGrantSet
    ) -> Difference | None:
        recorded = recorded_consequences(material.run.effects)
        replayed = consequences_of(execution, grants) if said == SUCCESS else []
        if recorded == replayed:
            return None
        message = f"effects: {in_words(recorded)} then, {in_words(replayed)} now."
        return Difference(Aspect.EFFECTS, message)


def _retry(material: Material, execution: Execution) -> Difference | None:
    """Return in what the end of a delivery differs, where it was for the guest to say."""
    if material.run.is_given_up in {None, not execution.retry_wanted}:
        return None
    given_up = "The delivery was given up, and its guest did not ask for that."
    message = (
        given_up if material.run.is_given_up else "The guest said to give its delivery up, and nobody did."
    )
    return Difference(Aspect.COURSE, message)


def _digest(content: bytes) -> str | None:
    return hashlib.sha256(content).hexdigest() if content else None


def _places(recorded: Sequence[Exchange], replayed: Sequence[Exchange]) -> Iterator[int]:
    """Yield the places at which two transcripts differ."""
    for place in range(max(len(recorded), len(replayed))):
        if recorded[place : place + 1] != replayed[place : place + 1]:
            yield place


def _request(transcript: Sequence[Exchange], place: int) -> str:
    if place >= len(transcript):
        return "none"
    return transcript[place].request.decode(errors="backslashreplace")[:_REQUEST_LENGTH_MAX]
