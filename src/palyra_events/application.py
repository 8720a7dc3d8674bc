"""The commands: load what a stream says, let the rules decide, append what they say.

Each command is one append, so it happens as a whole or not at all. The clock and the source of
randomness are given; the only effect is on the log.
"""

from __future__ import annotations

from palyra_events.commands.command import STATED_REASON_LENGTH_MAX, Change, Commit, Intent, Loaded
from palyra_events.commands.decision import DecisionCommands
from palyra_events.commands.delivery import SCHEDULER_CONSUMER, DeliveryCommands
from palyra_events.commands.fault import FaultCommands
from palyra_events.commands.gateway import GatewayCommands
from palyra_events.commands.hook import HookCommands
from palyra_events.commands.key import KeyCommands
from palyra_events.commands.message import MessageCommands
from palyra_events.commands.plugin import PluginCommands
from palyra_events.commands.publisher import PublisherKey
from palyra_events.commands.revocation import RevocationCommands
from palyra_events.commands.subject import SubjectCommands
from palyra_events.commands.surface import FilledForm, RecordedSubmission, SurfaceCommands
from palyra_events.commands.token import TokenCommands
from palyra_events.commands.tool_run import ToolRunCommands

__all__ = [
    "SCHEDULER_CONSUMER",
    "STATED_REASON_LENGTH_MAX",
    "Application",
    "Change",
    "Commit",
    "FilledForm",
    "Intent",
    "Loaded",
    "PublisherKey",
    "RecordedSubmission",
]


class Application(
    RevocationCommands,
    PluginCommands,
    HookCommands,
    GatewayCommands,
    KeyCommands,
    DeliveryCommands,
    FaultCommands,
    MessageCommands,
    ToolRunCommands,
    DecisionCommands,
    SubjectCommands,
    SurfaceCommands,
    TokenCommands,
):
    """All commands over one log."""
