"""A tool run: an agent, or a person, calls a plugin and waits for its answer.

It is one event, in a stream of its own, recorded when the guest has ended. It holds the same record
as an attempt of a delivery; there is no second attempt, the caller decides what comes next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from palyra_events.delivery import MESSAGE_LENGTH_MAX, Message
from palyra_events.effect import Effects
from palyra_events.errors import ReasonRequired
from palyra_events.event import Event, Stamp
from palyra_events.invocation import Invocation

#: the outcome of a run that did what it was asked, and whose effects stand
SUCCESS = "ok"

#: characters; longer than anybody's, short enough for an event beside grants and effects
TOOL_ID_LENGTH_MAX = 512

InvocationId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
ToolId = Annotated[str, StringConstraints(pattern=rf"^[a-z0-9._:-]{{1,{TOOL_ID_LENGTH_MAX}}}$")]


class PluginInvoked(Event):
    """A plugin was called as a tool; all effects of the run are in this event.

    ``outcome`` is that of the whole run: a guest that ended well, but whose answer does not follow
    the tool's schema, is ``bad_output`` here and ``ok`` in its ``invocation``. ``approved`` says that
    the actor allowed this one run, for the reason given.
    """

    invocation_id: InvocationId
    tool_id: ToolId
    approved: bool = False
    outcome: str
    message: Message = ""
    invocation: Invocation
    effects: Effects = Effects()


@dataclass(frozen=True, slots=True)
class ToolRun:
    """How a tool run went; ``effects`` are what it would change."""

    invocation_id: str
    tool_id: str
    approved: bool
    outcome: str
    message: str
    invocation: Invocation
    effects: Effects

    @property
    def succeeded(self) -> bool:
        """True where its effects stand."""
        return self.outcome == SUCCESS


def record_run(run: ToolRun, stamp: Stamp) -> list[Event]:
    """Record a tool run; one that did not succeed has no effects.

    Raises:
        ReasonRequired: it was approved, and nobody said why.
    """
    check_approval(approved=run.approved, has_reason=stamp.reason is not None)
    invoked = stamp.on(
        PluginInvoked,
        invocation_id=run.invocation_id,
        tool_id=run.tool_id,
        approved=run.approved,
        outcome=run.outcome,
        message="" if run.succeeded else run.message.encode(errors="replace").decode()[:MESSAGE_LENGTH_MAX],
        invocation=run.invocation,
        effects=run.effects if run.succeeded else Effects(),
    )
    return [invoked]


def check_approval(*, approved: bool, has_reason: bool) -> None:
    """Check that an approval says why.

    Raises:
        ReasonRequired: it does not.
    """
    if approved and not has_reason:
        raise ReasonRequired("To approve a run, say why.")
