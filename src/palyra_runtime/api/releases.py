"""Operations that let releases in and let them run: over a network consent is given with the request."""

from __future__ import annotations

from collections.abc import Callable

from palyra_runtime.facade import ConsentRequired, Plugins, ReleaseChange, Skills
from palyra_runtime.facade.release_change import Consent, unless_it_widens
from projections import PluginRow, SkillRow


def install(
    skills: Skills,
    artifact: bytes,
    *,
    trust_on_first_use: bool = False,
    sha256: str | None = None,
    reason: str | None = None,
) -> SkillRow:
    """Verify, audit and keep an artifact, and return its release; one that fails goes into quarantine."""
    return skills.install(artifact, trust_on_first_use=trust_on_first_use, sha256=sha256, reason=reason)


def update(  # noqa: PLR0913 - what an operator may choose
    skills: Skills,
    artifact: bytes,
    *,
    sha256: str | None = None,
    reason: str | None = None,
    rebind: bool = False,
    agreed: bool = False,
) -> SkillRow:
    """Install a newer release of an installed skill and let it run; what widens needs to be agreed to."""
    return skills.update(
        artifact, sha256=sha256, reason=reason, rebind=rebind, consent=_consent(agreed=agreed)
    )


def plan_update(skills: Skills, artifact: bytes, *, rebind: bool = False) -> ReleaseChange | None:
    """Return what would change with a newer release; nothing is installed."""
    return _foreseen(lambda consent: skills.update(artifact, rebind=rebind, consent=consent))


def enable(  # noqa: PLR0913 - what an operator may choose
    skills: Skills,
    skill_id: str,
    *,
    version: str | None = None,
    reason: str | None = None,
    override: bool = False,
    rebind: bool = False,
    agreed: bool = False,
) -> SkillRow:
    """Let a release run, after a fresh audit; what widens needs to be agreed to."""
    return skills.enable(
        skill_id, version, reason=reason, override=override, rebind=rebind, consent=_consent(agreed=agreed)
    )


def plan_enable(  # noqa: PLR0913 - what an operator may choose
    skills: Skills,
    skill_id: str,
    *,
    version: str | None = None,
    reason: str | None = None,
    override: bool = False,
    rebind: bool = False,
) -> ReleaseChange | None:
    """Return what would change if a release were enabled; nothing is changed."""
    return _foreseen(
        lambda consent: skills.enable(
            skill_id, version, reason=reason, override=override, rebind=rebind, consent=consent
        )
    )


def rollback(  # noqa: PLR0913 - what an operator may choose
    skills: Skills,
    skill_id: str,
    *,
    reason: str | None,
    version: str | None = None,
    rebind: bool = False,
    agreed: bool = False,
) -> SkillRow:
    """Go back to an older release that was enabled before; what widens needs to be agreed to."""
    return skills.rollback(skill_id, version, reason=reason, rebind=rebind, consent=_consent(agreed=agreed))


def plan_rollback(
    skills: Skills, skill_id: str, *, reason: str | None, version: str | None = None, rebind: bool = False
) -> ReleaseChange | None:
    """Return what would change by going back; nothing is changed."""
    return _foreseen(
        lambda consent: skills.rollback(skill_id, version, reason=reason, rebind=rebind, consent=consent)
    )


def rebind(  # noqa: PLR0913 - what an operator may choose
    plugins: Plugins,
    plugin_id: str,
    *,
    module: str | None = None,
    version: str | None = None,
    reason: str | None = None,
    agreed: bool = False,
) -> PluginRow:
    """Let a plugin run the module that its skill has now; what changes its grants needs to be agreed to."""
    return plugins.rebind(
        plugin_id, module=module, version=version, reason=reason, consent=_consent(agreed=agreed)
    )


def plan_rebind(
    plugins: Plugins, plugin_id: str, *, module: str | None = None, version: str | None = None
) -> ReleaseChange | None:
    """Return what would change for a plugin that is bound anew, null where nothing would."""
    return _foreseen(
        lambda consent: plugins.rebind(plugin_id, module=module, version=version, consent=consent)
    )


def _consent(*, agreed: bool) -> Consent:
    return (lambda _: True) if agreed else unless_it_widens


def _foreseen(act: Callable[[Consent], object]) -> ReleaseChange | None:
    """Return what an action would change, by beginning it and not agreeing; None where nothing would."""
    seen: list[ReleaseChange] = []

    def look(change: ReleaseChange) -> bool:
        seen.append(change)
        return False

    try:
        act(look)
    except ConsentRequired:
        return seen[0]
    return None
