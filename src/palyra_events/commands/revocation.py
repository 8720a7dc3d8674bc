"""The command that revokes a publisher's keys, and stops what they signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from palyra_events import publisher as publishers
from palyra_events import release as releases
from palyra_events.commands.command import Commit, Intent, Loaded
from palyra_events.commands.publisher import PUBLISHER
from palyra_events.commands.skill import SKILL, SkillCommands
from palyra_events.event import Event, Stamp
from palyra_events.publisher import PublisherRevoked
from palyra_events.skill import Skill

#: what a release is quarantined for when its publisher's key is revoked
REVOKED_REASON = "the key that signed it was revoked"


class RevocationCommands(SkillCommands):
    """Revoke keys."""

    def revoke_publishers(
        self, targets: Mapping[str, str | None], intent: Intent, *, skill_ids: Iterable[str] = ()
    ) -> Commit:
        """Revoke one key of each publisher, or all (None), and quarantine what they signed and is enabled.

        ``skill_ids`` are the skills that may have such releases. It is one append: there is no moment
        at which a key is revoked and what it signed may run.

        Raises:
            UnknownPublisher, UnknownPublisherKey: there is no such publisher or key.
            IllegalTransition: it is revoked already.
            StaleVersion: somebody changed the publisher or one of the skills at the same time.
        """
        stamp, sealed = self.stamp(intent)
        revoked = [
            (loaded, publishers.revoke_publisher(loaded.state, targets[name], stamp))
            for name in sorted(targets)
            for loaded in (self.load(PUBLISHER, name),)
        ]
        keys = {
            (event.publisher, event.key_id)
            for _, events in revoked
            for event in events
            if isinstance(event, PublisherRevoked)
        }
        stopped = [_stopped(self.load(SKILL, skill_id), keys, stamp) for skill_id in sorted(set(skill_ids))]
        return self.commit([*revoked, *stopped], sealed)


def _stopped(
    skill: Loaded[Skill], keys: set[tuple[str, str]], stamp: Stamp
) -> tuple[Loaded[Skill], list[Event]]:
    release = skill.state.enabled
    if release is None or (release.facts.publisher, release.facts.key_id) not in keys:
        return skill, []
    return skill, releases.quarantine_skill(skill.state, release.version, stamp, reasons=[REVOKED_REASON])
