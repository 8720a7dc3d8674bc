"""What an audit says: checks with their verdicts, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from palyra_runtime.skills.manifest_warnings import ManifestWarning
from palyra_runtime.skills.trust import TrustDecision


class AuditPolicy(BaseModel):
    """What the operator tolerates in a skill; sizes in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_module_bytes: int = 8_388_608
    max_exported_functions: int = 128
    allow_device_capabilities: bool = False
    allow_wildcard_capabilities: bool = False


class RunLimits(BaseModel):
    """What a run on this host may use at the most: the operator's policy for all plugins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_module_size_bytes: int = 8_388_608
    fuel_budget: int = 10_000_000
    max_memory_bytes: int = 67_108_864
    max_table_elements: int = 100_000


class CheckStatus(StrEnum):
    """The verdict of one check."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


class Severity(StrEnum):
    """How much a check's verdict matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


#: characters of somebody else's text in a message
_TEXT_LENGTH_MAX = 300

_SEVERITY = {
    CheckStatus.PASS: Severity.INFO,
    CheckStatus.WARN: Severity.WARNING,
    CheckStatus.FAIL: Severity.ERROR,
    CheckStatus.SKIPPED: Severity.INFO,
}


class Check(BaseModel):
    """One question and its answer; ``details`` has the values that the message speaks of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check_id: str
    status: CheckStatus
    severity: Severity
    message: str
    details: dict[str, Any] = {}

    @classmethod
    def of(cls, check_id: str, status: CheckStatus, message: str, **details: object) -> Check:
        """Return a check whose severity follows from its status."""
        return cls(
            check_id=check_id, status=status, severity=_SEVERITY[status], message=message, details=details
        )


class AuditReport(BaseModel):
    """The audit of one release.

    ``checks`` are those of the reference system, with its ids and verdicts. ``host_checks`` ask what
    it does not: whether this host could run the skill at all. A failure in either list counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    skill_id: str
    version: str
    publisher: str
    trust_decision: TrustDecision
    payload_sha256: str
    generated_at: AwareDatetime
    policy: AuditPolicy
    limits: RunLimits = RunLimits()
    manifest_warnings: tuple[ManifestWarning, ...]
    checks: tuple[Check, ...]
    host_checks: tuple[Check, ...]

    @property
    def failures(self) -> tuple[Check, ...]:
        """The failed checks of both lists."""
        return failed_checks((*self.checks, *self.host_checks))

    @property
    def passed(self) -> bool:
        """True where no check failed."""
        return not self.failures

    @property
    def should_quarantine(self) -> bool:
        """True where the release must not run before somebody has looked at it."""
        return not self.passed

    @property
    def quarantine_reasons(self) -> tuple[str, ...]:
        """The messages of the failed checks, in order."""
        return tuple(check.message for check in self.failures)


def bounded(text: str) -> str:
    """Return a text of a compiler, a linker or a manifest as a message can show it."""
    return text if len(text) <= _TEXT_LENGTH_MAX else f"{text[:_TEXT_LENGTH_MAX]}…"


def failed_checks(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the checks that failed, in order."""
    return tuple(check for check in checks if check.status is CheckStatus.FAIL)
