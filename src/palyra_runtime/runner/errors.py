"""What can go wrong when a module is run on request, as the reference's runner names it.

kind               error
Disabled           RunnerDisabled
InvalidInput       InvalidInput and its leaves, among them InvalidRunRequest and InvalidModule
CapabilityDenied   CapabilityDenied
QuotaExceeded      QuotaExceeded
TimedOut           TimedOut
RuntimeFailure     RuntimeFailure
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from palyra_events.errors import InvalidInput, NotAllowed, PalyraError, RunFailed
from palyra_runtime.sandbox import InvalidModule, RuntimeKind

RunnerKind = Literal[
    "Disabled", "InvalidInput", "CapabilityDenied", "QuotaExceeded", "TimedOut", "RuntimeFailure"
]


class RunnerDisabled(NotAllowed):
    """The policy switches the plugin runner off."""

    code = "RUNNER_DISABLED"
    advice = "Set enabled = true in the policy; deliveries wait until then."


class SkillNotEnabled(NotAllowed):
    """The skill has no release that may run."""

    code = "SKILL_NOT_ENABLED"
    advice = "Look at it with: palyra skill show SKILL. Let it run with: palyra skill enable SKILL"


class InvalidRunRequest(InvalidInput):
    """The request does not say in one way what is to be run."""

    code = "INVALID_RUN_REQUEST"
    advice = "Name an installed skill, or give one inline module; docs/tool-runs.md lists the fields."


class InvalidCapability(InvalidInput):
    """This cannot be the name of a capability."""

    code = "INVALID_CAPABILITY"
    advice = "Hosts have no scheme, port or wildcard; other names have only a-z 0-9 . _ / -."


class QuotaExceeded(RunFailed):
    """The module needs more than the policy or its manifest allows."""

    code = "QUOTA_EXCEEDED"
    advice = "Raise the limit in the policy, or have the module's author make it smaller."


class TimedOut(RunFailed):
    """The guest did not end in time."""

    code = "TIMED_OUT"
    advice = "Allow more time in the call and in the policy, if the module is meant to take so long."


class RuntimeFailure(RunFailed):
    """The guest trapped, or its module could not be fetched."""

    code = "RUNTIME_FAILURE"


_KINDS: Mapping[RuntimeKind, RunnerKind] = MappingProxyType(
    {
        "Compile": "InvalidInput",
        "Linker": "InvalidInput",
        "MissingExport": "InvalidInput",
        "ExecutionLimitExceeded": "QuotaExceeded",
        "ExecutionTimedOut": "TimedOut",
        "Execution": "RuntimeFailure",
    }
)

_ERRORS: Mapping[RunnerKind, type[PalyraError]] = MappingProxyType(
    {
        "InvalidInput": InvalidModule,
        "QuotaExceeded": QuotaExceeded,
        "TimedOut": TimedOut,
        "RuntimeFailure": RuntimeFailure,
    }
)


def runner_kind(kind: RuntimeKind) -> RunnerKind:
    """Return what the runner calls a failure that the sandbox calls ``kind``."""
    return _KINDS[kind]


def run_error(kind: RuntimeKind, message: str, outcome: str) -> PalyraError:
    """Return the error to raise for a guest that did not return; ``outcome`` goes into its details."""
    return _ERRORS[runner_kind(kind)](message, outcome=outcome)
