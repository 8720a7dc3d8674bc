from __future__ import annotations

from functools import partial

import pytest

from palyra_events.application import (
    Application,
    Commit,
    Intent,
    PublisherKey,
)
from palyra_events.blob import SALT_SIZE, keep
from palyra_events.delivery import (
    Failure,
)
from palyra_events.errors import (
    AlreadyExists,
    IllegalTransition,
    InvalidIdentifier,
    InvalidInput,
    LogDamaged,
    ReasonRequired,
    ReasonTooLong,
    StaleVersion,
    UnknownBlob,
    UnknownHook,
    UnknownRelease,
    UnknownSkill,
)
from palyra_events.gateway import GatewayStarted, GatewayStopped
from palyra_events.hook import HookBound, HookDisabled, HookEnabled, HookRebound
from palyra_events.identifiers import stream_id
from palyra_events.plugin import PluginBound, PluginRebound
from palyra_events.publisher import PublisherPinned
from palyra_events.record import NewEvent
from palyra_events.registry import REGISTRY
from palyra_events.right import Refusal
from palyra_events.skill import (
    ReleaseState,
    SkillAudited,
    SkillDisabled,
    SkillEnabled,
    SkillInstalled,
    SkillQuarantined,
)
from tests.foretold import counting, ticking
from tests.sample_events import (
    BARE_BINDING,
    BARE_TARGET,
    BINDING,
    FACTS,
    FAILED,
    MOMENT,
    PASSED,
    TARGET,
)

ALICE = Intent("operator:alice")
SCHEDULER = Intent("system:scheduler")
WORKER = Intent("system:worker")
KEY = PublisherKey("acme", "ed25519:01", "4b" * 32)
OTHER_KEY = PublisherKey("acme", "ed25519:02", "5c" * 32)
CRASH = Failure("trapped:unreachable")


@pytest.fixture
def installed(app):
    app.install_skill("acme.echo", "1.0.0", FACTS, PASSED, ALICE)
    return app


def types(commit):
    return [type(event) for event in commit.events]


def everything(log):
    return [REGISTRY.decode(row.topic, row.state) for row in log.read(0, 1000)]


def test_a_commit_says_what_is_in_the_log(app, log):
    """The events that a command returns are those at the positions that it returns."""
    commit = app.install_skill("acme.echo", "1.0.0", FACTS, FAILED, ALICE)
    assert types(commit) == [SkillInstalled, SkillAudited, SkillQuarantined]
    assert (commit.positions, commit.head, tuple(everything(log))) == ((1, 2, 3), 3, commit.events)


def test_a_commit_of_nothing_has_no_head():
    """Where nothing was appended there is no position."""
    assert Commit().head == 0


def test_a_command_is_stamped(app):
    """Actor and time are those that were given; all events of one command have one correlation."""
    commit = app.install_skill("acme.echo", "1.0.0", FACTS, PASSED, ALICE)
    assert {(event.actor, event.timestamp) for event in commit.events} == {("operator:alice", MOMENT)}
    assert {event.correlation_id for event in commit.events} == {f"{1:032x}"}
    assert {event.causation_id for event in commit.events} == {None}


def test_a_command_may_belong_to_something_larger(app):
    """A correlation and a cause that are given are kept."""
    intent = Intent("system:scheduler", correlation_id="c0ffee", causation_id="position:41")
    (event,) = app.bind_hook("greet", TARGET, intent).events
    assert (event.correlation_id, event.causation_id) == ("c0ffee", "position:41")


def test_a_reason_is_sealed_beside_the_log(app, log):
    """The text is in a blob under a fresh salt, and nowhere in the row."""
    commit = app.bind_plugin("echo", BINDING, Intent("operator:alice", "Bob asked for it"))
    seal = commit.events[0].reason
    assert seal.open(log.blob(seal.digest)) == "Bob asked for it"
    assert len(log.blob(seal.digest)) == SALT_SIZE + len("Bob asked for it")
    assert b"Bob" not in log.read(0, 1)[0].state


def test_the_same_reason_is_sealed_anew(app):
    """Two commands for one reason cannot be told to have one."""
    intent = Intent("operator:alice", "because")
    seals = {app.bind_hook(hook_id, TARGET, intent).events[0].reason for hook_id in ("a", "b")}
    assert len(seals) == 2


def test_an_unused_reason_is_not_kept(app, log):
    """A command that changes nothing leaves no text behind that nobody could erase by name."""
    app.bind_hook("greet", TARGET, ALICE)
    assert app.bind_hook("greet", TARGET, Intent("operator:alice", "again")) == Commit()
    assert log.head() == 1


@pytest.mark.parametrize("actor", ["alice", "", "root:alice", "operator:a b"])
def test_a_command_needs_an_actor(app, log, actor):
    """Nothing happens in nobody's name."""
    with pytest.raises(InvalidIdentifier):
        app.bind_hook("greet", TARGET, Intent(actor))
    assert log.head() == 0


@pytest.mark.parametrize(
    "intent",
    [Intent("operator:alice", reason="\udcff"), Intent("operator:alice", correlation_id="c" * 161)],
    ids=["reason", "correlation"],
)
def test_an_ill_formed_intent_is_refused(app, log, intent):
    """What a person typed wrongly is a typed error and no crash."""
    with pytest.raises(InvalidInput):
        app.bind_hook("greet", TARGET, intent)
    assert log.head() == 0


def test_an_id_that_was_not_normalised_is_refused(app, log):
    """The log takes ids in one spelling only, whoever calls."""
    with pytest.raises(InvalidInput):
        app.bind_hook("Greet", TARGET, ALICE)
    assert log.head() == 0


def test_a_skill_is_what_its_events_say(installed):
    """Reading folds the stream."""
    installed.enable_skill(installed.skill("acme.echo"), "1.0.0", PASSED, ALICE)
    assert installed.skill("acme.echo").state.enabled.version == "1.0.0"


def test_a_skill_that_is_not_installed_is_unknown(app):
    """Asking for it does not make it."""
    with pytest.raises(UnknownSkill):
        app.skill("acme.echo")


def test_installing_keeps_the_bytes_in_the_same_append(app, log):
    """Artifact and report are there as soon as the events are."""
    reference, artifact = keep(b"PK artifact")
    app.install_skill("acme.echo", "1.0.0", FACTS, PASSED, ALICE, blobs=[artifact])
    assert reference.check(log.blob(reference.digest)) == b"PK artifact"


def test_a_release_is_installed_once(installed, log):
    """The second time nothing is appended, and no bytes are kept."""
    reference, artifact = keep(b"PK other")
    with pytest.raises(AlreadyExists):
        installed.install_skill("acme.echo", "1.0.0", FACTS, PASSED, ALICE, blobs=[artifact])
    with pytest.raises(UnknownBlob):
        log.blob(reference.digest)
    assert log.head() == 2


def test_a_first_release_pins_its_publisher(app):
    """Key and release come in one append, the key first."""
    commit = app.install_skill("acme.echo", "1.0.0", FACTS, PASSED, ALICE, pin=KEY)
    assert types(commit) == [PublisherPinned, SkillInstalled, SkillAudited]
    assert [key.public_key for key in app.publisher("acme").current] == [KEY.public_key]


def test_a_second_release_pins_nothing(app):
    """The same key once more adds no event."""
    app.install_skill("acme.echo", "1.0.0", FACTS, PASSED, ALICE, pin=KEY)
    commit = app.install_skill("acme.echo", "2.0.0", FACTS, PASSED, ALICE, pin=KEY)
    assert types(commit) == [SkillInstalled, SkillAudited]


def test_a_late_key_does_not_replace_the_first(app, log):
    """Two first uses at once: the slower one installs nothing, even where it decided on trust before."""
    app.install_skill("acme.echo", "1.0.0", FACTS, PASSED, ALICE, pin=KEY)
    with pytest.raises(IllegalTransition):
        app.install_skill("acme.evil", "1.0.0", FACTS, PASSED, ALICE, pin=OTHER_KEY)
    assert ([key.public_key for key in app.publisher("acme").current], log.head()) == ([KEY.public_key], 3)


def test_a_passing_audit_enables(installed):
    """Audit and enabling are one append."""
    commit = installed.enable_skill(installed.skill("acme.echo"), "1.0.0", PASSED, ALICE)
    assert types(commit) == [SkillAudited, SkillEnabled]


def test_a_failing_audit_quarantines(installed):
    """The command succeeds: what it found is on record, and there is no `SkillEnabled` in it."""
    commit = installed.enable_skill(installed.skill("acme.echo"), "1.0.0", FAILED, ALICE)
    assert types(commit) == [SkillAudited, SkillQuarantined]


@pytest.mark.parametrize("reason", [None, "", "   ", "\n\t"], ids=ascii)
def test_an_override_needs_words(installed, log, reason):
    """Blanks are no reason."""
    with pytest.raises(ReasonRequired):
        installed.enable_skill(
            installed.skill("acme.echo"), "1.0.0", FAILED, Intent("operator:alice", reason), override=True
        )
    assert log.head() == 2


def test_an_override_with_a_reason_enables(installed):
    """Who says why may."""
    intent = Intent("operator:alice", "tested by hand")
    commit = installed.enable_skill(installed.skill("acme.echo"), "1.0.0", FAILED, intent, override=True)
    assert types(commit) == [SkillAudited, SkillEnabled]
    assert commit.events[-1].override


def test_quarantine_and_disabling_stop_a_release(installed):
    """Either is one event, and the release is where the event says."""
    (quarantined,) = installed.quarantine_skill("acme.echo", "1.0.0", ALICE, reasons=["looks odd"]).events
    assert (type(quarantined), quarantined.reasons) == (SkillQuarantined, ("looks odd",))
    installed.enable_skill(installed.skill("acme.echo"), "1.0.0", PASSED, ALICE)
    assert types(installed.disable_skill("acme.echo", "1.0.0", ALICE)) == [SkillDisabled]
    assert installed.skill("acme.echo").state.release("1.0.0").state is ReleaseState.DISABLED


@pytest.mark.parametrize(
    ("skill_id", "version", "error"),
    [("acme.none", "1.0.0", UnknownSkill), ("acme.echo", "9.9.9", UnknownRelease)],
)
def test_commands_on_what_is_not_there_are_refused(installed, log, skill_id, version, error):
    """No command appends to a stream of nothing."""
    commands = (
        lambda intent: installed.enable_skill(installed.skill(skill_id), version, PASSED, intent),
        partial(installed.quarantine_skill, skill_id, version),
        partial(installed.disable_skill, skill_id, version),
    )
    for command in commands:
        with pytest.raises(error):
            command(ALICE)
    assert log.head() == 2


def test_a_plugin_is_bound_and_bound_anew(app):
    """The first binding and the next are told apart; the same once more is nothing."""
    commits = [app.bind_plugin("echo", binding, ALICE) for binding in (BINDING, BARE_BINDING, BARE_BINDING)]
    assert [types(commit) for commit in commits] == [[PluginBound], [PluginRebound], []]


def test_a_hook_is_bound_and_switched(app):
    """Each command is one event."""
    commits = [
        app.bind_hook("greet", TARGET, ALICE),
        app.disable_hook("greet", ALICE),
        app.enable_hook("greet", ALICE),
        app.bind_hook("greet", BARE_TARGET, ALICE),
    ]
    assert [types(commit) for commit in commits] == [
        [HookBound],
        [HookDisabled],
        [HookEnabled],
        [HookRebound],
    ]


def test_a_hook_that_is_not_bound_is_unknown(app):
    """It can be switched neither off nor on."""
    with pytest.raises(UnknownHook):
        app.disable_hook("greet", ALICE)
    with pytest.raises(UnknownHook):
        app.enable_hook("greet", ALICE)


def test_a_gateway_run_has_an_id_of_its_own(app):
    """Two runs are two streams."""
    (first, started), (second, _) = (app.start_gateway("0.1.0", SCHEDULER) for _ in range(2))
    stopped = app.stop_gateway(first, "drained", SCHEDULER)
    assert first != second
    assert (types(started), types(stopped)) == ([GatewayStarted], [GatewayStopped])
    assert {event.gateway_id for event in (*started.events, *stopped.events)} == {first}


def test_two_commands_at_once_are_one_and_a_conflict(log):
    """Who decided on a state that has moved on appends nothing."""

    class Slow:
        """A log in which somebody else is faster, once."""

        def __init__(self) -> None:
            self.rival = Application(log, now=ticking(), entropy=counting())

        def read_stream(self, stream, after_version=0):
            rows = log.read_stream(stream, after_version)
            self.rival.bind_hook("greet", BARE_TARGET, ALICE)
            return rows

        append = staticmethod(log.append)
        append_each = staticmethod(log.append_each)
        read_streams = staticmethod(log.read_streams)
        head = staticmethod(log.head)

    with pytest.raises(StaleVersion):
        Application(Slow(), now=ticking(), entropy=counting()).bind_hook("greet", TARGET, ALICE)
    assert [event.target for event in everything(log)] == [BARE_TARGET]


def test_a_stream_that_lacks_events_is_not_folded(log, app):
    """A state that was folded from half of its events would be a lie."""
    topic, state = REGISTRY.encode(
        GatewayStarted(
            timestamp=MOMENT, actor="system:gateway", correlation_id="c", gateway_id="g", version="1"
        )
    )
    log.append([NewEvent(stream_id("hook", "greet"), 2, topic, state)])
    with pytest.raises(LogDamaged) as found:
        app.bind_hook("greet", TARGET, ALICE)
    assert found.value.details == {"kind": "hook", "key": "greet"}


def test_a_row_that_cannot_be_read_stops_the_command(log, app):
    """No decision is taken on a log that is damaged."""
    log.append([NewEvent(stream_id("hook", "greet"), 1, "HookBound@1", b"{}")])
    with pytest.raises(LogDamaged):
        app.bind_hook("greet", TARGET, ALICE)
    assert log.head() == 1


def test_the_right_to_run_is_read_as_of_a_position(installed):
    """What came later does not change what was right then."""
    bound = installed.bind_plugin("echo", BINDING, ALICE).head
    enabled = installed.enable_skill(installed.skill("acme.echo"), "1.0.0", PASSED, ALICE).head
    quarantined = installed.quarantine_skill("acme.echo", "1.0.0", ALICE).head
    rights = [installed.right_to_run("echo", at) for at in (bound - 1, bound, enabled, quarantined)]
    assert rights[:2] == [Refusal.PLUGIN_UNBOUND, Refusal.SKILL_NOT_ENABLED]
    assert (rights[2].module, rights[3]) == (FACTS.modules[0], Refusal.SKILL_QUARANTINED)


def test_a_quarantine_since_the_audit_began_is_not_undone(installed):
    """An audit that knew nothing of a quarantine does not lift it."""
    before = installed.skill("acme.echo")
    installed.quarantine_skill("acme.echo", "1.0.0", ALICE)
    with pytest.raises(StaleVersion):
        installed.enable_skill(before, "1.0.0", PASSED, ALICE)
    assert installed.skill("acme.echo").state.release("1.0.0").state is ReleaseState.QUARANTINED


def test_a_reason_has_an_end(installed, log):
    """A novel is no reason: plugins are told it with each event."""
    with pytest.raises(ReasonTooLong):
        installed.disable_skill("acme.echo", "1.0.0", Intent("operator:alice", "x" * 4001))
    assert log.head() == 2
