from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.delivery import AttemptSucceeded, DeliverySkipped
from palyra_events.errors import (
    AuditFailed,
    NothingToRollBack,
    ReasonRequired,
    ReleaseNotNewer,
    StaleVersion,
    UnknownSkill,
)
from palyra_events.plugin import PluginRebound
from palyra_events.skill import ReleaseState
from palyra_runtime.facade import ConsentRequired, ReleaseChange
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.skills.errors import TofuKeyMismatch
from tests.sample_skills import OTHER_KEY
from tests.stage import HOOK, PLUGIN, SKILL, Stage, answering, guest, unchanged

HOSTS = {"http_egress_allowlist": ["api.example.com"], "node_capabilities": ["ops"]}
MORE = {"http_egress_allowlist": ["api.example.com", "cdn.example.com"], "node_capabilities": ["ops"]}
LESS = {"node_capabilities": ["ops"]}
POLICY = WasmPluginRunnerPolicy(
    allowed_http_hosts=("api.example.com", "cdn.example.com"), allowed_channels=("ops",)
)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage whose policy allows two hosts and a channel."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=POLICY) as opened:
        yield opened


@pytest.fixture
def running(stage: Stage) -> Stage:
    """Release 1.0.0 runs, and a plugin of it may ask one host and write to a channel."""
    stage.ready(answering(), capabilities=HOSTS)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL, http_hosts=["api.example.com"], channels=["ops"])
    return stage


class Told:
    """Is told what changes, and answers as it was made to."""

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.changes: list[ReleaseChange] = []

    def __call__(self, change: ReleaseChange) -> bool:
        self.changes.append(change)
        return self.agrees


def states(stage: Stage) -> dict[str, ReleaseState]:
    return {row.version: row.state for row in stage.palyra.skills.list()}


def outcome(stage: Stage) -> object:
    """Let the hook react once, and return what came of it."""
    head = stage.log.head()
    stage.fire()
    stage.dispatcher().drain()
    (event,) = stage.events(AttemptSucceeded, DeliverySkipped, after=head)
    return event


def test_an_update_is_one_append(each_stage: Stage):
    """Artifact, audit, the end of the old release and the beginning of the new one come together."""
    each_stage.ready(answering())
    head = each_stage.log.head()

    row = each_stage.palyra.skills.update(each_stage.pack(answering(1), version="1.1.0"), reason="ticket 82")

    assert (row.version, row.state) == ("1.1.0", ReleaseState.ENABLED)
    assert each_stage.topics(after=head) == [
        "SkillInstalled",
        "SkillAudited",
        "SkillDisabled",
        "SkillEnabled",
    ]
    assert each_stage.palyra.events.newest(1)[0].reason == "ticket 82"


def test_an_update_of_what_is_not_installed_is_refused(stage: Stage):
    """It is an install that is meant then, which is another decision."""
    path = stage.pack(answering())

    with unchanged(stage.log), pytest.raises(UnknownSkill):
        stage.palyra.skills.update(path)


def test_an_update_is_newer(running: Stage):
    """The release that runs is no update of itself."""
    with unchanged(running.log), pytest.raises(ReleaseNotNewer):
        running.palyra.skills.update(running.pack(answering(1), capabilities=HOSTS))


def test_an_update_with_another_key_is_refused(running: Stage):
    """Whoever signs with another key than the pinned one updates nothing."""
    path = running.pack(answering(1), version="2.0.0", key=OTHER_KEY)

    with unchanged(running.log), pytest.raises(TofuKeyMismatch):
        running.palyra.skills.update(path)


def test_an_update_that_fails_its_audit_is_kept_in_quarantine(running: Stage):
    """Nobody is asked about a release that cannot run, and what runs runs on."""
    told = Told()

    row = running.palyra.skills.update(
        running.pack(guest("undeclared_import"), version="2.0.0"), consent=told
    )

    assert (row.state, told.changes) == (ReleaseState.QUARANTINED, [])
    assert states(running)["1.0.0"] is ReleaseState.ENABLED


def test_a_release_that_asks_for_more_needs_consent(running: Stage):
    """Nothing widens silently: without a word nothing is installed, and the refusal names what is new."""
    path = running.pack(answering(), version="2.0.0", capabilities=MORE)

    with unchanged(running.log), pytest.raises(ConsentRequired) as refused:
        running.palyra.skills.update(path)

    assert refused.value.details["failures"] == ["it asks for more: http_hosts: cdn.example.com"]


def test_a_release_that_asks_for_more_does_not_get_it(running: Stage):
    """What is declared and not granted stays out of reach, also when somebody has agreed."""
    told = Told()
    running.palyra.skills.update(running.pack(answering(), version="2.0.0", capabilities=MORE), consent=told)

    (change,) = told.changes
    (plugin,) = change.plugins

    assert (change.previous, change.version) == ("1.0.0", "2.0.0")
    assert change.declares_more == ("http_hosts: cdn.example.com",)
    assert (plugin.refused, plugin.gains) == (None, ())
    assert plugin.entitlement.effective == PluginCapabilityProfile(
        http_hosts=("api.example.com",), channels=("ops",)
    )
    assert outcome(running).invocation.grants == plugin.entitlement.effective


def test_going_round_the_question_by_disabling_first_does_not_work(running: Stage):
    """What is compared with is what was enabled last, also where it is not any more."""
    running.install(answering(), version="2.0.0", capabilities=MORE)
    running.palyra.skills.disable(SKILL)

    with unchanged(running.log), pytest.raises(ConsentRequired):
        running.palyra.skills.enable(SKILL, "2.0.0")


def test_a_plugin_that_loses_its_module_needs_consent(running: Stage):
    """A new module does not get the grants of the old one, so its deliveries would be skipped."""
    path = running.pack(answering(1), version="2.0.0", capabilities=HOSTS)

    with unchanged(running.log), pytest.raises(ConsentRequired, match="agree") as refused:
        running.palyra.skills.update(path)

    assert refused.value.details["failures"] == ["plugin echo will not run: module changed"]


def test_a_changed_module_does_not_run_before_it_is_bound_anew(running: Stage):
    """Somebody agreed to the update, and still the grants do not pass to another module."""
    running.palyra.skills.update(
        running.pack(answering(1), version="2.0.0", capabilities=HOSTS), consent=Told()
    )
    skipped = outcome(running)
    running.palyra.plugins.rebind(PLUGIN, consent=Told())

    assert skipped.cause == "module_changed"
    assert outcome(running).invocation.exit_code == 1


def test_a_module_that_is_gone_is_named(running: Stage):
    """A release may drop a module that a plugin runs."""
    told = Told(agrees=False)
    path = running.pack({"other.wasm": answering()}, version="2.0.0", capabilities=HOSTS)

    with pytest.raises(ConsentRequired):
        running.palyra.skills.update(path, consent=told)

    assert told.changes[0].findings == ("plugin echo will not run: module missing",)


def test_an_update_may_bind_plugins_anew_in_the_same_append(each_stage: Stage):
    """There is no moment at which the new release runs and its plugin does not."""
    each_stage.ready(answering(), capabilities=HOSTS)
    policy = each_stage.open("granting", policy=POLICY)
    policy.plugins.bind(PLUGIN, skill=SKILL, http_hosts=["api.example.com"])
    head, told = each_stage.log.head(), Told()

    policy.skills.update(
        each_stage.pack(answering(1), version="2.0.0", capabilities=HOSTS), rebind=True, consent=told
    )

    assert each_stage.topics(after=head)[-2:] == ["SkillEnabled", "PluginRebound"]
    assert told.changes[0].findings == ("plugin echo gives its grants to another module",)


def test_a_plugin_without_grants_is_bound_anew_without_a_question(stage: Stage):
    """What has no power needs no second look."""
    stage.ready(answering())

    stage.palyra.skills.update(stage.pack(answering(1), version="2.0.0"), rebind=True)

    (event,) = stage.events(PluginRebound)
    assert event.binding.module_sha256 == stage.palyra.skills.show(SKILL)[-1].modules[0].sha256


def test_binding_anew_drops_what_is_not_declared_any_more(running: Stage):
    """A release that needs less gets less, so that its runs are not denied."""
    told = Told()
    running.palyra.skills.update(
        running.pack(answering(1), version="2.0.0", capabilities=LESS), rebind=True, consent=told
    )

    assert told.changes[0].declares_less == ("http_hosts: api.example.com",)
    assert outcome(running).invocation.grants == PluginCapabilityProfile(channels=("ops",))


def test_a_release_that_needs_less_is_shown_to_be_denied(running: Stage):
    """The same module under a manifest that declares less may not use what was granted before."""
    told = Told()
    running.palyra.skills.update(running.pack(answering(), version="2.0.0", capabilities=LESS), consent=told)

    entitlement = told.changes[0].plugins[0].entitlement

    assert entitlement.effective.is_empty
    assert [(each.value, each.remarks) for each in entitlement.values if each.remarks] == [
        ("api.example.com", ("excess_grant", "policy_restricted"))
    ]


def test_the_first_enable_asks_nothing(stage: Stage):
    """Grants that somebody gave to this very module, and what it declares, are no news."""
    stage.install(answering(), capabilities=HOSTS)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL, http_hosts=["api.example.com"])

    assert stage.palyra.skills.enable(SKILL).state is ReleaseState.ENABLED


def test_what_changes_is_told_before_every_enable(stage: Stage):
    """Also where nobody has to agree to anything."""
    stage.install(answering(), capabilities=HOSTS)
    stage.palyra.plugins.bind(PLUGIN, skill=SKILL, http_hosts=["api.example.com"])
    told = Told()
    stage.palyra.skills.enable(SKILL, consent=told)

    (change,) = told.changes

    assert (change.previous, change.findings) == (None, ())
    assert [(e.value, e.is_granted, e.remarks) for e in change.plugins[0].entitlement.values] == [
        ("api.example.com", True, ()),
        ("ops", False, ("missing_grant", "unused_declared_capability")),
    ]


def test_plugins_of_other_skills_are_left_alone(running: Stage):
    """An update is told of the plugins of its own skill only."""
    running.install(answering(), "acme.other")
    running.palyra.plugins.bind("other", skill="acme.other")
    told = Told()

    running.palyra.skills.update(running.pack(answering(), version="2.0.0", capabilities=HOSTS), consent=told)

    assert [plugin.plugin_id for plugin in told.changes[0].plugins] == [PLUGIN]


def test_what_was_agreed_to_is_what_happens(running: Stage):
    """Where the skill changes while somebody looks at what changes, nothing is done."""
    running.install(answering(), version="2.0.0", capabilities=HOSTS)

    def meanwhile(change: ReleaseChange) -> bool:
        running.palyra.skills.quarantine(SKILL)
        return True

    with pytest.raises(StaleVersion):
        running.palyra.skills.enable(SKILL, "2.0.0", consent=meanwhile)


def test_a_rollback_goes_back(running: Stage):
    """The release before runs again, its plugin too, and the reason is kept."""
    running.palyra.skills.update(
        running.pack(answering(1), version="2.0.0", capabilities=HOSTS), rebind=True, consent=Told()
    )
    row = running.palyra.skills.rollback(SKILL, reason="greets twice", rebind=True, consent=Told())

    assert (row.version, row.state) == ("1.0.0", ReleaseState.ENABLED)
    assert outcome(running).invocation.exit_code == 0


def test_a_rollback_says_why(running: Stage):
    """Without a reason nothing happens."""
    running.palyra.skills.update(running.pack(answering(), version="2.0.0", capabilities=HOSTS))

    with unchanged(running.log), pytest.raises(ReasonRequired):
        running.palyra.skills.rollback(SKILL, reason=None)


def test_there_may_be_nothing_to_go_back_to(running: Stage):
    """The first release has nothing before it."""
    with unchanged(running.log), pytest.raises(NothingToRollBack):
        running.palyra.skills.rollback(SKILL, reason="bad")


def test_a_rollback_is_audited_by_the_policy_of_the_moment(running: Stage):
    """What was allowed to run once may not be today."""
    running.palyra.skills.update(running.pack(answering(), version="2.0.0", capabilities=HOSTS))
    strict = running.open("strict", policy=WasmPluginRunnerPolicy(max_module_size_bytes=10))

    with pytest.raises(AuditFailed):
        strict.skills.rollback(SKILL, reason="bad", consent=Told())

    assert states(running) == {"1.0.0": ReleaseState.QUARANTINED, "2.0.0": ReleaseState.ENABLED}


def test_the_hook_goes_on_with_the_new_release(stage: Stage):
    """Nothing has to be bound anew where nothing was granted."""
    stage.ready(answering(), hook=HOOK)
    stage.palyra.skills.update(stage.pack(answering(1), version="1.0.1"))

    assert outcome(stage).invocation.skill_version == "1.0.1"
