"""The command that records a tool run."""

from __future__ import annotations

from collections.abc import Sequence

from palyra_events import tool_run as tool_runs
from palyra_events.blob import Blob
from palyra_events.commands.command import Commands, Commit, Intent, Loaded
from palyra_events.identifiers import stream_id
from palyra_events.tool_run import ToolRun

#: a tool run is one event, so nothing is ever folded
TOOL_RUN_KIND = "invocation"


class ToolRunCommands(Commands):
    """Record tool runs."""

    def record_tool_run(self, run: ToolRun, intent: Intent, blobs: Sequence[Blob] = ()) -> Commit:
        """Record how a tool run went, with all its effects where it succeeded.

        Raises:
            ReasonRequired: it was approved, and nobody said why.
            StaleVersion: this run is recorded already.
        """
        stamp, sealed = self.stamp(intent)
        loaded = Loaded(stream_id(TOOL_RUN_KIND, run.invocation_id), 0, run)
        return self.commit([(loaded, tool_runs.record_run(run, stamp))], [*sealed, *blobs])
