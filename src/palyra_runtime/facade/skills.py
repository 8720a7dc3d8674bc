"""What an operator does with skills."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from palyra_events.application import Application, Intent, Loaded
from palyra_events.blob import keep
from palyra_events.errors import UnknownSkill
from palyra_events.identifiers import normalize_identifier
from palyra_events.skill import ReleaseState, Skill
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.facade.enabling import Enabling, Wish, facts_of
from palyra_runtime.facade.page import check_page
from palyra_runtime.facade.recheck import Recheck, Rechecks
from palyra_runtime.facade.recorded import showing_recorded
from palyra_runtime.facade.release_change import Consent, unless_it_widens
from palyra_runtime.facade.release_diff import ReleaseDiff, compare_releases
from palyra_runtime.facade.sources import ArtifactSources
from palyra_runtime.facade.vetting import Vetting
from palyra_runtime.skills import ModuleInspector, open_artifact
from projections import AuditRow, Point, SkillRow, Subject, Views


class Skills:
    """Install, update, enable, quarantine, disable and remove releases, and compare them.

    What changes something returns what it changed; `RecordedNotShown` says that it could not.
    """

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        application: Application,
        artifacts: Artifacts,
        views: Views,
        sources: ArtifactSources,
        vetting: Vetting,
        enabling: Enabling,
        rechecks: Rechecks,
        inspector: ModuleInspector,
        actor: str,
    ) -> None:
        self._application = application
        self._artifacts = artifacts
        self._views = views
        self._sources = sources
        self._vetting = vetting
        self._enabling = enabling
        self._rechecks = rechecks
        self._inspector = inspector
        self._actor = actor

    def install(
        self,
        place: str | Path | bytes,
        *,
        trust_on_first_use: bool = False,
        sha256: str | None = None,
        reason: str | None = None,
    ) -> SkillRow:
        """Verify, audit and keep an artifact, from a path, a URL or bytes, as one step; return the release.

        A release that fails its audit is kept in quarantine, so that somebody can look at it; its
        publisher's key is not pinned then.

        Raises:
            UnreadableArtifact, DownloadFailed: it cannot be read.
            InvalidInput, NotAllowed: the artifact is malformed, its SHA-256 is not ``sha256``, its
                signature or publisher is not trusted, or the skill is another publisher's; nothing
                was kept.
            AlreadyExists: this release is installed.
        """
        data = self._sources.read(place, sha256)
        artifact = open_artifact(data)
        manifest = artifact.manifest
        trust = self._vetting.trust(artifact, trust_on_first_use=trust_on_first_use)
        audit = self._vetting.audit(artifact, trust.decision)
        reference, blob = keep(data)
        facts = facts_of(artifact, reference, trust.decision)
        del artifact  # its files take as much again as the bytes that are written now
        self._application.install_skill(
            manifest.skill_id,
            manifest.version,
            facts,
            audit.verdict,
            Intent(self._actor, reason),
            pin=trust.new_key if audit.verdict.passed else None,
            takes_over=trust.takes_over,
            blobs=[blob, audit.blob],
        )
        return self._row(manifest.skill_id, manifest.version)

    def update(
        self,
        place: str | Path | bytes,
        *,
        sha256: str | None = None,
        reason: str | None = None,
        rebind: bool = False,
        consent: Consent = unless_it_widens,
    ) -> SkillRow:
        """Install a newer release of an installed skill and let it run, as one step, and return it.

        One that fails its audit is kept in quarantine; the present one runs on. ``consent`` is told what
        changes before anything is done; with ``rebind``, plugins of the skill run the new modules, with
        the grants that they have and it still declares.

        Raises:
            UnreadableArtifact, DownloadFailed, InvalidInput, NotAllowed: as of `install`.
            UnknownSkill: nothing of this skill is installed.
            ReleaseNotNewer: it is not newer than the release that is enabled, or else the newest one.
            ConsentRequired: nobody agreed to what changes; nothing was installed.
            AlreadyExists, VersionReused, StaleVersion: nothing was installed.
        """
        data = self._sources.read(place, sha256)
        skill = self._skill(open_artifact(data).manifest.skill_id)
        wish = Wish(Intent(self._actor, reason), consent, rebinds=rebind)
        version, _ = self._enabling.update(skill, data, wish)
        return self._row(skill.state.skill_id, version)

    def enable(  # noqa: PLR0913 - one argument for each thing that an operator may choose
        self,
        skill_id: str,
        version: str | None = None,
        *,
        reason: str | None = None,
        override: bool = False,
        rebind: bool = False,
        consent: Consent = unless_it_widens,
    ) -> SkillRow:
        """Let a release run, after a fresh audit; another release of the skill is disabled.

        Without a ``version``, the newest. An ``override`` enables it against its audit and needs a
        reason; then the key of a publisher that nobody knows is pinned as well. ``rebind`` and
        ``consent`` are as of `update`.

        Raises:
            AuditFailed: it did not pass; a release that was not in quarantine is now.
            UntrustedPublisher, KeyRevoked, SkillOfAnotherPublisher: its publisher's key was never accepted,
                or is not any more.
            ConsentRequired: nobody agreed to what changes.
            UnknownSkill, UnknownRelease, IllegalTransition, ReasonRequired, StaleVersion: nothing
                was changed.
        """
        loaded = self._skill(skill_id)
        skill = loaded.state
        release = skill.newest if version is None else skill.release(version)
        wish = Wish(Intent(self._actor, reason), consent, rebinds=rebind, override=override)
        self._enabling.enable(loaded, release, wish)
        return self._row(skill.skill_id, release.version)

    def rollback(
        self,
        skill_id: str,
        version: str | None = None,
        *,
        reason: str | None,
        rebind: bool = False,
        consent: Consent = unless_it_widens,
    ) -> SkillRow:
        """Go back to an older release that was enabled before, and return it.

        Without a ``version``, to the one of them that was enabled last and is not in quarantine.
        ``rebind`` and ``consent`` are as of `update`.

        Raises:
            NothingToRollBack: there is no such release.
            AuditFailed: its fresh audit failed, and it is in quarantine.
            ConsentRequired, UntrustedPublisher, KeyRevoked: it may not run.
            UnknownSkill, UnknownRelease, ReasonRequired, StaleVersion: nothing was changed.
        """
        loaded = self._skill(skill_id)
        release = loaded.state.predecessor(version)
        self._enabling.roll_back(loaded, release, Wish(Intent(self._actor, reason), consent, rebinds=rebind))
        return self._row(loaded.state.skill_id, release.version)

    def quarantine(self, skill_id: str, version: str | None = None, *, reason: str | None = None) -> SkillRow:
        """Stop a release until somebody has looked at it: the enabled one, or else the newest.

        Raises:
            UnknownSkill, UnknownRelease, IllegalTransition, StaleVersion: nothing was changed.
        """
        skill, chosen = self._present(skill_id, version)
        self._application.quarantine_skill(skill, chosen, Intent(self._actor, reason))
        return self._row(skill, chosen)

    def disable(self, skill_id: str, version: str | None = None, *, reason: str | None = None) -> SkillRow:
        """Switch a release off: the enabled one, or else the newest.

        Raises:
            UnknownSkill, UnknownRelease, IllegalTransition, StaleVersion: nothing was changed.
        """
        skill, chosen = self._present(skill_id, version)
        self._application.disable_skill(skill, chosen, Intent(self._actor, reason))
        return self._row(skill, chosen)

    def reaudit(self, *, reason: str | None = None, actor: str | None = None) -> Sequence[Recheck]:
        """Audit every enabled release again, and return what became of each.

        One that fails, whose key is not trusted any more, or whose artifact is not kept, goes into
        quarantine. What goes wrong with one of them does not keep the pass from the others.
        """
        return self._rechecks.run(Intent(actor or self._actor, reason))

    def remove(
        self, skill_id: str, version: str, *, erase: bool = False, reason: str | None = None
    ) -> SkillRow:
        """Take a release away, whatever it is; its history stays, and it can be installed again.

        The artifact is kept, because runs of it can be repeated as long as it is; ``erase`` drops it.

        Raises:
            UnknownSkill, UnknownRelease, StaleVersion: nothing was changed.
        """
        loaded = self._skill(skill_id)
        release = loaded.state.release(version)
        skill = loaded.state.skill_id
        self._application.remove_skill(skill, version, Intent(self._actor, reason), erased=erase)
        if erase:
            self._artifacts.forget(release.facts.artifact)
        return self._row(skill, version)

    def list(self, *, removed: bool = False, at: Point | None = None) -> Sequence[SkillRow]:
        """Return every release of every skill, as it is, or was at a position or moment.

        With ``removed``, those that were removed too.

        Raises:
            UnknownEvent: the log is not that long.
        """
        return [row for row in self._views.skills(at) if removed or row.state is not ReleaseState.REMOVED]

    def show(self, skill_id: str, *, removed: bool = False, at: Point | None = None) -> Sequence[SkillRow]:
        """Return the releases of one skill by version, as they are, or were at a position or moment.

        With ``removed``, those that were removed too.

        Raises:
            UnknownSkill: nothing of it is installed, or ever was.
            UnknownEvent: the log is not that long.
        """
        skill = normalize_identifier(skill_id, "skill")
        found = self._views.releases(skill, at)
        rows = [row for row in found if removed or row.state is not ReleaseState.REMOVED]
        if not rows:
            raise UnknownSkill(f"Skill {skill} is not installed any more.", skill_id=skill)
        return rows

    def history(
        self, skill_id: str, *, after: int = 0, limit: int = 1000, at: Point | None = None
    ) -> Sequence[AuditRow]:
        """Return what happened to a skill, in words and in order; also to one that was removed.

        With ``at``, a position or moment, what had happened by then.

        Raises:
            UnknownSkill: nothing of it was ever installed, or had been by then.
            UnknownEvent: the log is not that long.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after, limit)
        skill = normalize_identifier(skill_id, "skill")
        rows = self._views.audit(subject=Subject("skill", skill), after=after, limit=limit, at=at)
        if not rows and after == 0:
            raise UnknownSkill(f"Skill {skill} was never installed.", skill_id=skill)
        return rows

    def diff(self, skill_id: str, version: str | None = None, other: str | None = None) -> ReleaseDiff:
        """Compare two releases: by default the enabled one, or the one enabled last, with the newest.

        Raises:
            UnknownSkill, UnknownRelease: one of them is not installed.
            UnknownBlob: the bytes of one are not kept.
            LogDamaged: they are not those that were installed.
        """
        skill = self._skill(skill_id).state
        first = (skill.enabled_last or skill.newest).version if version is None else version
        pair = (skill.release(first), skill.newest if other is None else skill.release(other))
        before, after = (self._artifacts.open(release.facts.artifact) for release in pair)
        return compare_releases(before, after, self._inspector)

    def _skill(self, skill_id: str) -> Loaded[Skill]:
        return self._application.skill(normalize_identifier(skill_id, "skill"))

    def _present(self, skill_id: str, version: str | None) -> tuple[str, str]:
        skill = self._skill(skill_id).state
        release = (skill.enabled or skill.newest) if version is None else skill.release(version)
        return skill.skill_id, release.version

    def _row(self, skill_id: str, version: str) -> SkillRow:
        with showing_recorded():
            return next(row for row in self._views.releases(skill_id) if row.version == version)
