"""The command of the scheduler that quarantines a release for its faults."""

from __future__ import annotations

from collections.abc import Sequence

from palyra_events import release as releases
from palyra_events.commands.command import Commands, Commit
from palyra_events.commands.delivery import SCHEDULER_CONSUMER
from palyra_events.commands.skill import SKILL
from palyra_events.event import Event, Stamp
from palyra_events.fault import Fault, reason_for
from palyra_events.invocation import Invocation
from palyra_events.schedule import SCHEDULER


class FaultCommands(Commands):
    """Quarantine releases that had too many faults."""

    def quarantine_for_faults(self, run: Invocation, event: Event, faults: Sequence[Fault]) -> Commit:
        """Quarantine the release of a faulty run, together with the scheduler's position.

        ``event`` records the run, and ``faults`` are the evidence; the newest is at its position. A
        release that was not enabled then, or is not any more, or was enabled anew since, is left alone:
        somebody has decided on it.

        Raises:
            StaleVersion: somebody changed the skill at the same time; ask again.
            StalePosition: another scheduler has been here; nothing was appended.
        """
        position = faults[-1].position
        then = self.load(SKILL, run.skill_id, as_of=position).state.enabled
        skill = self.load(SKILL, run.skill_id)
        if then is None or then.version != run.skill_version or then != skill.state.enabled:
            return Commit()
        # As with deliveries, the moment at which the scheduler happened to look is no fact.
        stamp = Stamp(event.timestamp, SCHEDULER, event.correlation_id, f"position:{position}")
        events = releases.quarantine_skill(
            skill.state,
            then.version,
            stamp,
            reasons=[reason_for(faults)],
            evidence=[fault.position for fault in faults],
        )
        return self.commit([(skill, events)], (), tracking=(SCHEDULER_CONSUMER, position))
