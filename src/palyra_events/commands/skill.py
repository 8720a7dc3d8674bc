"""The commands on skills and their releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from palyra_events import release as releases
from palyra_events import skill as skills
from palyra_events.blob import Blob
from palyra_events.commands.command import Aggregate, Commit, Intent, Loaded
from palyra_events.commands.publisher import PublisherCommands, PublisherKey
from palyra_events.errors import UnknownSkill
from palyra_events.event import Event, Stamp
from palyra_events.plugin import Binding, Plugin, bind_plugin
from palyra_events.release import AuditVerdict
from palyra_events.skill import ReleaseFacts, Skill, SkillEnabled

SKILL = Aggregate("skill", Skill, skills.evolve, is_known=True)

#: plugins as they were read, and what each of them is to be bound to
Rebound: TypeAlias = Sequence[tuple[Loaded[Plugin], Binding]]


class SkillCommands(PublisherCommands):
    """Install, update, enable, quarantine, disable and remove releases."""

    def skill(self, skill_id: str) -> Loaded[Skill]:
        """Return the skill as the log tells it, and the version that it was read at.

        Raises:
            UnknownSkill: nothing of it is installed.
        """
        skill = self.load(SKILL, skill_id)
        if not skill.state.installed:
            raise UnknownSkill(f"Skill {skill_id} is not installed.", skill_id=skill_id)
        return skill

    def owner(self, skill_id: str) -> str | None:
        """Return the publisher that a skill belongs to, None where nothing of it is installed."""
        return self.load(SKILL, skill_id).state.owner

    def install_skill(  # noqa: PLR0913 - the facts of one atomic step
        self,
        skill_id: str,
        version: str,
        facts: ReleaseFacts,
        verdict: AuditVerdict,
        intent: Intent,
        *,
        pin: PublisherKey | None = None,
        takes_over: bool = False,
        blobs: Sequence[Blob] = (),
    ) -> Commit:
        """Keep a verified artifact, its audit, and the publisher's key where it was new.

        ``takes_over`` is the operator's word that the skill is this publisher's from now on.

        Raises:
            SkillOfAnotherPublisher: it belongs to another one.
            AlreadyExists: this release is installed.
            StaleVersion: somebody installed or changed the skill at the same time.
        """
        stamp, sealed = self.stamp(intent)
        skill = self.load(SKILL, skill_id)
        events = releases.install_skill(skill.state, version, facts, verdict, stamp, takes_over=takes_over)
        return self.commit([*self.pinned(pin, stamp), (skill, events)], [*sealed, *blobs])

    def update_skill(  # noqa: PLR0913 - the facts of one atomic step
        self,
        skill: Loaded[Skill],
        version: str,
        facts: ReleaseFacts,
        verdict: AuditVerdict,
        intent: Intent,
        *,
        blobs: Sequence[Blob] = (),
        rebound: Rebound = (),
    ) -> Commit:
        """Keep a newer release and, if its audit passes, enable it in the same append.

        The skill must have been read before somebody was shown what changes. ``rebound`` are plugins
        that get another binding where the release is enabled.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            ReleaseNotNewer: it is not newer than the release that is enabled, or else the newest one.
            SkillOfAnotherPublisher, AlreadyExists, VersionReused: as of `install_skill`.
            StaleVersion: somebody changed the skill, or one of the plugins, at the same time.
        """
        stamp, sealed = self.stamp(intent)
        events = releases.update_skill(skill.state, version, facts, verdict, stamp)
        return self.commit([(skill, events), *_rebound(rebound, events, stamp)], [*sealed, *blobs])

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
        rebound: Rebound = (),
    ) -> Commit:
        """Record a fresh audit and, if it passes or is overridden, let the release run.

        The skill must have been read before the audit began: what happened since then, such as a
        quarantine, must not be undone by an audit that knew nothing of it.

        ``pin`` is a publisher's key to trust from now on, and ``rebound`` are plugins that get another
        binding, both where the release is enabled.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: this version is not.
            IllegalTransition: it is enabled already.
            ReasonRequired: an override without a reason.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self.stamp(intent)
        events = releases.enable_skill(skill.state, version, verdict, stamp, override=override)
        pinned = self.pinned(pin if isinstance(events[-1], SkillEnabled) else None, stamp)
        return self.commit([*pinned, (skill, events), *_rebound(rebound, events, stamp)], [*sealed, *blobs])

    def roll_back_skill(  # noqa: PLR0913 - the facts of one atomic step
        self,
        skill: Loaded[Skill],
        version: str,
        verdict: AuditVerdict,
        intent: Intent,
        *,
        blobs: Sequence[Blob] = (),
        rebound: Rebound = (),
    ) -> Commit:
        """Record a fresh audit of an older release and, if it passes, let that run again.

        Raises:
            UnknownSkill, UnknownRelease: it is not installed.
            NothingToRollBack: it is not older than what was enabled last, or was never enabled.
            ReasonRequired: nobody said why.
            StaleVersion: somebody changed the skill, or one of the plugins, at the same time.
        """
        stamp, sealed = self.stamp(intent)
        events = releases.roll_back_skill(skill.state, version, verdict, stamp)
        return self.commit([(skill, events), *_rebound(rebound, events, stamp)], [*sealed, *blobs])

    def recheck_skill(  # noqa: PLR0913 - the facts of one atomic step
        self,
        skill: Loaded[Skill],
        version: str,
        verdict: AuditVerdict | None,
        problems: Sequence[str],
        intent: Intent,
        *,
        blobs: Sequence[Blob] = (),
    ) -> Commit:
        """Record a fresh audit of an enabled release; where it is not passed, the release is quarantined.

        Raises:
            UnknownSkill, UnknownRelease: it is not installed.
            IllegalTransition: it is not enabled.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self.stamp(intent)
        events = releases.recheck_skill(skill.state, version, verdict, problems, stamp)
        return self.commit([(skill, events)], [*sealed, *blobs])

    def remove_skill(self, skill_id: str, version: str, intent: Intent, *, erased: bool = False) -> Commit:
        """Take a release away; where it is to be ``erased``, its artifact is not kept any more either.

        Raises:
            UnknownSkill: nothing of this skill is installed.
            UnknownRelease: this version is not.
            StaleVersion: somebody changed the skill at the same time.
        """
        stamp, sealed = self.stamp(intent)
        skill = self.load(SKILL, skill_id)
        events = releases.remove_skill(skill.state, version, stamp, erased=erased)
        artifact = skill.state.release(version).facts.artifact
        return self.commit([(skill, events)], sealed, drops=[artifact.digest] if erased else ())

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
            [(skill, releases.quarantine_skill(skill.state, version, stamp, reasons=reasons))], sealed
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
        return self.commit([(skill, releases.disable_skill(skill.state, version, stamp))], sealed)


def _rebound(
    rebound: Rebound, events: Sequence[Event], stamp: Stamp
) -> list[tuple[Loaded[Plugin], list[Event]]]:
    """Return what binds plugins anew, where the release was enabled."""
    if not isinstance(events[-1], SkillEnabled):
        return []
    return [(plugin, bind_plugin(plugin.state, binding, stamp)) for plugin, binding in rebound]
