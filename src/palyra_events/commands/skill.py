"""The commands on skills and their releases, and on the publishers who sign them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palyra_events import publisher as publishers
from palyra_events import skill as skills
from palyra_events.blob import Blob
from palyra_events.commands.command import Aggregate, Commands, Commit, Intent, Loaded
from palyra_events.errors import UnknownSkill
from palyra_events.event import Event, Stamp
from palyra_events.publisher import Publisher
from palyra_events.skill import AuditVerdict, ReleaseFacts, Skill, SkillEnabled

SKILL = Aggregate("skill", Skill, skills.evolve)
PUBLISHER = Aggregate("publisher", Publisher, publishers.evolve)


@dataclass(frozen=True, slots=True)
class PublisherKey:
    """A key to pin to a publisher when its first release is installed."""

    publisher: str
    key_id: str
    public_key: str


class SkillCommands(Commands):
    """Install, enable, quarantine and disable releases."""

    def skill(self, skill_id: str) -> Loaded[Skill]:
        """Return the skill as the log tells it, and the version that it was read at.

        Raises:
            UnknownSkill: nothing of it is installed.
        """
        skill = self.load(SKILL, skill_id)
        if not skill.state.releases:
            raise UnknownSkill(f"Skill {skill_id} is not installed.", skill_id=skill_id)
        return skill

    def publisher(self, publisher: str) -> Publisher:
        """Return what the log knows of a publisher."""
        return self.load(PUBLISHER, publisher).state

    def install_skill(  # noqa: PLR0913 - the facts of one atomic step
        self,
        skill_id: str,
        version: str,
        facts: ReleaseFacts,
        verdict: AuditVerdict,
        intent: Intent,
        *,
        pin: PublisherKey | None = None,
        blobs: Sequence[Blob] = (),
    ) -> Commit:
        """Keep a verified artifact, its audit, and the publisher's key where it was new.

        Raises:
            AlreadyExists: this release is installed.
            StaleVersion: somebody installed or changed the skill at the same time.
        """
        stamp, sealed = self.stamp(intent)
        skill = self.load(SKILL, skill_id)
        events = skills.install_skill(skill.state, version, facts, verdict, stamp)
        return self.commit([*self._pinned(pin, stamp), (skill, events)], [*sealed, *blobs])

    def enable_skill(  # noqa: PLR0913 - the facts of one atomic step
        self,
        skill: Loaded[Skill],
        version: str,
        verdict: AuditVerdict,
        intent: Intent,
        *,
        override: bool = False,
        pin: PublisherKey | None = None,
        blobs: Sequence[Blob] = (),
    ) -> Commit:
        """Record a fresh audit and, if it passes or is overridden, let the release run.

        The skill must have been read before the audit began: what happened since then, such as a
        quarantine, must not be undone by an audit that knew nothing of it.

        ``pin`` is a publisher's key to trust from now on, where the release is enabled.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: this version is not.
            IllegalTransition: it is enabled already.
            ReasonRequired: an override without a reason.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self.stamp(intent)
        events = skills.enable_skill(skill.state, version, verdict, stamp, override=override)
        pinned = self._pinned(pin if isinstance(events[-1], SkillEnabled) else None, stamp)
        return self.commit([*pinned, (skill, events)], [*sealed, *blobs])

    def quarantine_skill(
        self, skill_id: str, version: str, intent: Intent, *, reasons: Sequence[str] = ()
    ) -> Commit:
        """Stop a release until somebody has looked at it.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: this version is not.
            IllegalTransition: it is in quarantine already.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self.stamp(intent)
        skill = self.load(SKILL, skill_id)
        return self.commit(
            [(skill, skills.quarantine_skill(skill.state, version, stamp, reasons=reasons))], sealed
        )

    def disable_skill(self, skill_id: str, version: str, intent: Intent) -> Commit:
        """Switch a release off.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: this version is not.
            IllegalTransition: it is disabled already, or in quarantine.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self.stamp(intent)
        skill = self.load(SKILL, skill_id)
        return self.commit([(skill, skills.disable_skill(skill.state, version, stamp))], sealed)

    def _pinned(self, key: PublisherKey | None, stamp: Stamp) -> list[tuple[Loaded[Publisher], list[Event]]]:
        if key is None:
            return []
        publisher = self.load(PUBLISHER, key.publisher)
        return [(publisher, publishers.pin_publisher(publisher.state, key.key_id, key.public_key, stamp))]
