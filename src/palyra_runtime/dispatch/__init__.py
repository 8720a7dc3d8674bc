"""Dispatch: from lifecycle events to recorded outcomes."""

from palyra_runtime.dispatch.dispatcher import Dispatcher, DrainReport
from palyra_runtime.dispatch.lease import Leases
from palyra_runtime.dispatch.outbox import Outbox, OutboxReport
from palyra_runtime.dispatch.role import DispatcherBusy
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
from palyra_runtime.dispatch.worker import Worker
from palyra_runtime.runner import RunnerDisabled

__all__ = [
    "ApprovalRequired",
    "Dispatcher",
    "DispatcherBusy",
    "DrainReport",
    "Leases",
    "Outbox",
    "OutboxReport",
    "Outgoing",
    "PluginMayNotRun",
    "RunnerDisabled",
    "Scheduler",
    "SendFailed",
    "Sender",
    "SenderParts",
    "ToolCall",
    "ToolInputRefused",
    "ToolResult",
    "ToolRunner",
    "Worker",
    "open_senders",
]
