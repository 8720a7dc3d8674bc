"""What a recorded run is run again from, or why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from palyra_events.blob import BlobRef
from palyra_events.errors import InvalidInput, LogDamaged, NotAllowed, UnknownBlob
from palyra_events.invocation import Invocation
from palyra_events.skill import ModuleFact
from palyra_events.store import EventLog
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.replay.past import Past
from palyra_runtime.replay.recorded import RecordedRun
from palyra_runtime.replay.transcript import parse_transcript
from palyra_runtime.runner.tool import UnknownTool, manifest_tool
from palyra_runtime.runner.tool_schema import ToolSchema
from palyra_runtime.sandbox import Exchange
from palyra_runtime.sandbox.engine import fingerprint
from palyra_runtime.sandbox.form import Form
from palyra_runtime.sandbox.outcome import DEADLINE, DENIED, WORKER_LOST, trapped

#: modules, and schemas, that are kept in memory
_KEPT_MAX = 64


class NotComparable(StrEnum):
    """Why a run cannot be held against another one."""

    #: another engine, or another version of it, counts fuel in another way
    ENGINE_CHANGED = "engine_changed"
    ARTIFACT_ERASED = "artifact_erased"
    #: this version of Palyra does not open what an older one installed
    ARTIFACT_REFUSED = "artifact_refused"
    INPUT_ERASED = "input_erased"
    TRANSCRIPT_ERASED = "transcript_erased"
    #: the clock ended it, at a place that no log knows
    DEADLINE = "deadline"
    WORKER_LOST = "worker_lost"
    #: how deep a stack goes is the machine's matter
    STACK_OVERFLOW = "stack_overflow"
    #: the engine would not run it, for want of something that it does not say
    ENGINE_REFUSED = "engine_refused"
    #: it never began: the policy of then did not allow it
    DENIED = "denied"
    #: the replay itself was ended by the clock, or lost its process
    REPLAY_DEADLINE = "replay_deadline"
    REPLAY_LOST = "replay_lost"
    #: no event tells which bytes were kept then
    BYTES_OF_THEN = "bytes_of_then"
    #: how many faults quarantined a release then is in no event
    POLICY_NOT_RECORDED = "policy_not_recorded"
    #: what somebody wrote was erased, so nobody can say whether the guest was told just that
    TOLD_ERASED = "told_erased"


#: outcomes that are not the guest's own doing
_BY_OUTCOME = {
    DEADLINE: NotComparable.DEADLINE,
    WORKER_LOST: NotComparable.WORKER_LOST,
    DENIED: NotComparable.DENIED,
    trapped("stack_overflow"): NotComparable.STACK_OVERFLOW,
    trapped("engine"): NotComparable.ENGINE_REFUSED,
}

#: the same, where it is the replay that ended so
_BY_OUTCOME_AGAIN = {
    **_BY_OUTCOME,
    DEADLINE: NotComparable.REPLAY_DEADLINE,
    WORKER_LOST: NotComparable.REPLAY_LOST,
}


@dataclass(frozen=True, slots=True)
class Material:
    """All that a run depends on; ``output_schema`` is that of the tool, where it was a tool run."""

    run: RecordedRun
    invocation: Invocation
    module: bytes
    input: bytes
    transcript: tuple[Exchange, ...]
    output_schema: ToolSchema | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A run without its material: why, or what is damaged."""

    run: RecordedRun
    cause: NotComparable | LogDamaged


def not_comparable_again(outcome: str) -> NotComparable | None:
    """Return why a replay that ended so tells nothing of the recorded run; None where it tells."""
    return _BY_OUTCOME_AGAIN.get(outcome)


class Materials:
    """Fetches what lies beside the log, for many runs at once. For one thread."""

    def __init__(self, log: EventLog, artifacts: Artifacts, past: Past) -> None:
        self._log = log
        self._artifacts = artifacts
        self._past = past
        self._engines = {fingerprint(form) for form in Form}
        self._module = lru_cache(_KEPT_MAX)(artifacts.module)
        self._schema = lru_cache(_KEPT_MAX)(self._schema_of)

    def fetch(self, runs: Sequence[RecordedRun]) -> Iterator[Material | Missing]:
        """Yield the material of each run, or why it cannot be repeated exactly."""
        contents = self._contents(runs)
        for run in runs:
            cause = self._cause(run)
            yield Missing(run, cause) if cause else self._of(run, contents, None)

    def fetch_for(self, module: bytes, runs: Sequence[RecordedRun]) -> Iterator[Material | Missing]:
        """Yield the material of each run with another module, for which the run need not be repeatable."""
        contents = self._contents(runs)
        for run in runs:
            is_known = run.invocation is not None
            yield self._of(run, contents, module) if is_known else Missing(run, NotComparable.WORKER_LOST)

    def content(self, reference: BlobRef | None) -> bytes | None:
        """Return bytes to show beside others; nothing where there were none, None where they are gone."""
        if reference is None:
            return b""
        digest = _digest(reference)
        return None if digest is None else self._log.blobs([digest]).get(digest)

    def input_of(self, material: Material | Missing) -> bytes | None:
        """Return the input of a run, which may be one that cannot be run again; None where it is gone."""
        if isinstance(material, Material):
            return material.input
        invocation = material.run.invocation
        content = None if invocation is None else self.content(invocation.input)
        return None if content is None or isinstance(material.cause, LogDamaged) else content

    def _contents(self, runs: Sequence[RecordedRun]) -> dict[bytes, bytes]:
        digests = [_digest(each) for run in runs for each in _references(run)]
        return self._log.blobs([each for each in digests if each is not None])

    def _cause(self, run: RecordedRun) -> NotComparable | None:
        if run.invocation is None:
            return NotComparable.WORKER_LOST
        if cause := _BY_OUTCOME.get(run.invocation.outcome):
            return cause
        return None if run.invocation.engine in self._engines else NotComparable.ENGINE_CHANGED

    def _of(self, run: RecordedRun, contents: dict[bytes, bytes], module: bytes | None) -> Material | Missing:
        invocation = run.invocation
        assert invocation is not None, "a run that nothing is known of has a cause"
        try:
            given = _content(invocation.input, contents)
            calls = _content(invocation.transcript, contents)
            if given is None or calls is None:
                gone = NotComparable.INPUT_ERASED if given is None else NotComparable.TRANSCRIPT_ERASED
                return Missing(run, gone)
            found = module or self._module(*self._installed(invocation))
            schema = self._schema(self._installed(invocation)[0], run.tool_id) if run.tool_id else None
            return Material(run, invocation, found, given, parse_transcript(calls) if calls else (), schema)
        except LogDamaged as damage:
            return Missing(run, damage)
        except UnknownTool as error:
            return Missing(run, LogDamaged(error.message))
        except UnknownBlob:
            return Missing(run, NotComparable.ARTIFACT_ERASED)
        except (InvalidInput, NotAllowed):
            return Missing(run, NotComparable.ARTIFACT_REFUSED)

    def _schema_of(self, artifact: BlobRef, tool_id: str) -> ToolSchema:
        return ToolSchema(manifest_tool(self._artifacts.open(artifact).manifest, tool_id).output_schema)

    def _installed(self, invocation: Invocation) -> tuple[BlobRef, ModuleFact]:
        """Return the artifact and the module that ran, as the log says they were installed then."""
        release = self._past.skill(invocation.skill_id, invocation.as_of).releases.get(
            invocation.skill_version
        )
        wanted = (invocation.module_path, invocation.module_sha256)
        for module in () if release is None else release.facts.modules:
            if release is not None and (module.path, module.sha256) == wanted:
                return release.facts.artifact, module
        raise LogDamaged(
            f"{invocation.skill_id} {invocation.skill_version} had no module {wanted[0]} "
            f"of the SHA-256 {wanted[1][:12]}…."
        )


def _references(run: RecordedRun) -> list[BlobRef]:
    invocation = run.invocation
    if invocation is None:
        return []
    return [each for each in (invocation.input, invocation.transcript) if each is not None]


def _content(reference: BlobRef | None, contents: dict[bytes, bytes]) -> bytes | None:
    """Return bytes, nothing where there were none, None where they are not kept any more.

    Raises:
        LogDamaged: they are not what the event names.
    """
    if reference is None:
        return b""
    digest = _digest(reference)
    if digest is None:
        raise LogDamaged(f"{reference.sha256[:64]!r} is no SHA-256.")
    content = contents.get(digest)
    return None if content is None else reference.check(content)


def _digest(reference: BlobRef) -> bytes | None:
    """Return the digest in a reference, or None where somebody wrote something else there."""
    try:
        return reference.digest
    except ValueError:
        return None
