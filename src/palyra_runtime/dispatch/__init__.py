"""Dispatch: from lifecycle events to recorded outcomes."""

from palyra_runtime.dispatch.claim import Claim, Claims
from palyra_runtime.dispatch.decide import (
    Decider,
    DecisionKeyReused,
    InvalidCorrelation,
    PayloadRefused,
    Question,
)
from palyra_runtime.dispatch.decision import Decision, HookAnswer, decision_of
from palyra_runtime.dispatch.dispatcher import Dispatcher, DrainReport
from palyra_runtime.dispatch.exclusion import Exclusion, PluginBusy, PluginTakenOver
from palyra_runtime.dispatch.holder import Holder
from palyra_runtime.dispatch.lease import Lease, Leases, Standing
from palyra_runtime.dispatch.lost import LostAttempts
from palyra_runtime.dispatch.outbox import Outbox, OutboxReport
from palyra_runtime.dispatch.pace import Pace
from palyra_runtime.dispatch.phase_hooks import PhaseHooks
from palyra_runtime.dispatch.prospect import Prospects
from palyra_runtime.dispatch.role import (
    DispatcherBusy,
    DispatcherRole,
    busy,
    gateways_up,
    open_role,
    role_holder,
)
from palyra_runtime.dispatch.scheduler import Scheduler
from palyra_runtime.dispatch.sender import Outgoing, Sender, SendFailed
from palyra_runtime.dispatch.senders import SenderParts, open_senders
from palyra_runtime.dispatch.tool_runner import (
    ApprovalRequired,
    PluginMayNotRun,
    ToolCall,
    ToolInputRefused,
    ToolResult,
    ToolRunner,
)
from palyra_runtime.dispatch.worker import Attempted, Worker
from palyra_runtime.runner import RunnerDisabled

__all__ = [
    "ApprovalRequired",
    "Attempted",
    "Claim",
    "Claims",
    "Decider",
    "Decision",
    "DecisionKeyReused",
    "Dispatcher",
    "DispatcherBusy",
    "DispatcherRole",
    "DrainReport",
    "Exclusion",
    "Holder",
    "HookAnswer",
    "InvalidCorrelation",
    "Lease",
    "Leases",
    "LostAttempts",
    "Outbox",
    "OutboxReport",
    "Outgoing",
    "Pace",
    "PayloadRefused",
    "PhaseHooks",
    "PluginBusy",
    "PluginMayNotRun",
    "PluginTakenOver",
    "Prospects",
    "Question",
    "RunnerDisabled",
    "Scheduler",
    "SendFailed",
    "Sender",
    "SenderParts",
    "Standing",
    "ToolCall",
    "ToolInputRefused",
    "ToolResult",
    "ToolRunner",
    "Worker",
    "busy",
    "decision_of",
    "gateways_up",
    "open_role",
    "open_senders",
    "role_holder",
]
