from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from palyra_events.delivery import DeliveryState
from palyra_events.errors import PalyraError, UnknownHook, UnknownSkill
from palyra_events.token import Role
from palyra_runtime.api import Client, RemotePalyra
from palyra_runtime.api.address import LocalOnly
from palyra_runtime.api.remote_noun import NOUNS
from palyra_runtime.facade import Action, ConsentRequired
from palyra_runtime.ledger import UnknownCheckpoint
from palyra_runtime.plain import plain
from projections import DeliveryFilter, Subject, UnknownProjection
from tests.stage import HOOK, OPEN_POLICY, PLUGIN, SKILL, Stage, answering, asking
from tests.web_stage import BASE, Web, web_stage

SENDS = asking({"op": "storage.put", "handle": 30000, "key": "last", "value": {"seen": 1}})


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A gateway whose plugin has stored something, and failed at nothing."""
    folder = tmp_path_factory.mktemp("remote")
    with Stage(f"sqlite:///{folder / 'palyra.db'}", folder, policy=OPEN_POLICY) as stage:
        stage.ready_with_effects(SENDS)
        stage.palyra.hooks.bind("gate", event="run:before_tool", plugin=PLUGIN)
        stage.palyra.decide("before_tool", {"tool": "x"}, reason="a try")
        stage.fire()
        stage.palyra.dispatch.drain()
        stage.palyra.ledger.checkpoint()
        with web_stage(stage) as web:
            yield web


@pytest.fixture
def remote(web: Web) -> Iterator[RemotePalyra]:
    """The face of that gateway from elsewhere."""
    client = web.client()
    with RemotePalyra(Client(BASE, web.token(Role.ADMIN), client._transport)) as opened:
        yield opened


QUESTIONS = {
    "skills": lambda p: p.skills.list(),
    "skills then": lambda p: p.skills.list(at=1),
    "releases": lambda p: p.skills.show(SKILL),
    "history": lambda p: p.skills.history(SKILL),
    "diff": lambda p: p.skills.diff(SKILL),
    "inspection": lambda p: p.verification.inspect(SKILL),
    "verified": lambda p: p.verification.verify(SKILL),
    "plugins": lambda p: p.plugins.list(),
    "grants": lambda p: plain(p.plugins.grants(PLUGIN).entitlement.values),
    "index": lambda p: p.plugins.export_index(),
    "config": lambda p: p.configs.get(PLUGIN),
    "use": lambda p: p.storage.use(PLUGIN),
    "values": lambda p: p.storage.list(PLUGIN, prefix="l"),
    "value": lambda p: p.storage.show(PLUGIN, p.storage.list(PLUGIN)[0].path),
    "hooks": lambda p: p.hooks.list(),
    "deliveries": lambda p: p.deliveries(),
    "succeeded": lambda p: p.deliveries(state=DeliveryState.SUCCEEDED, hook=HOOK, newest_first=True),
    "matching": lambda p: p.deliveries(matching=DeliveryFilter(plugin_id=PLUGIN, since=1), limit=1),
    "delivery": lambda p: (found := p.delivery(p.deliveries()[0].delivery_id)) and (found.row, found.history),
    "attempts": lambda p: p.deliveries.attempts(p.deliveries()[0].delivery_id),
    "stats": lambda p: p.deliveries.stats(),
    "changes": lambda p: [*p.deliveries.changes(limit=3)],
    "decisions": lambda p: p.decisions.list(),
    "messages": lambda p: p.messages.list(),
    "messages after one": lambda p: p.messages.list(after=(11, 0)),
    "dead letters": lambda p: p.projections.discard("audit", (3, 5)),
    "events": lambda p: p.events.list(after=2, limit=5),
    "event": lambda p: p.events.show(3),
    "export": lambda p: [*p.events.export(until=12)],
    "newest": lambda p: p.events.newest(3, at=9),
    "cloud event": lambda p: p.events.cloud_event(p.events.show(3)),
    "signed rows": lambda p: [*p.ledger.export(after=3)],
    "waited": lambda p: (p.projections.status(), p.projections.wait(3, timeout_s=1))[1],
    "waited in vain": lambda p: p.projections.wait(9_999, ["hook"], timeout_s=0),
    "explanation": lambda p: p.replay.explain(p.deliveries()[0].delivery_id),
    "size": lambda p: p.database.stats().topics,
    "trail": lambda p: p.audit.log(subject=Subject("skill", SKILL), grep="enabled"),
    "activity": lambda p: p.audit.activity(after=1),
    "checkpoints": lambda p: p.ledger.checkpoints(),
    "proof": lambda p: p.ledger.prove(2),
    "projections": lambda p: [row.name for row in p.projections.status()],
    "trust": lambda p: p.trust.list(),
    "store": lambda p: p.trust.export_store(),
    "tokens": lambda p: p.tokens.list(spent=True),
    "surfaces": lambda p: p.surfaces.list(),
    "doctor": lambda p: p.doctor.examine(),
    "runs": lambda p: p.gateway.status().runs,
}


def rows(answer: Any) -> list[Any]:
    """Return the rows of a listing, or the answer as the only one."""
    return list(answer) if isinstance(answer, list | tuple) else [answer]


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_answers_as_the_database_does(web: Web, remote: RemotePalyra, question: str):
    """Whoever asks a gateway gets what opening its database gives, in the same types."""
    ask = QUESTIONS[question]

    here, there = ask(web.stage.palyra), ask(remote)

    assert plain(there) == plain(here)
    assert [type(each) for each in rows(there)] == [type(each) for each in rows(here)]


def test_a_decision_is_read_back(web: Web, remote: RemotePalyra):
    """What counts, and what each hook answered, is the same from elsewhere."""
    (row,) = web.stage.palyra.decisions.list()

    here, there = web.stage.palyra.decisions.show(row.decision_id), remote.decisions.show(row.decision_id)

    assert (there.kind, there.reason, there.answers, there.payload) == (
        here.kind,
        here.reason,
        here.answers,
        here.payload,
    )


def test_a_long_listing_is_asked_for_in_pages(web: Web, remote: RemotePalyra):
    """How much one request may ask for does not bound a listing."""
    here = web.stage.palyra.audit.log(limit=5_000)

    assert remote.audit.log(limit=5_000) == here


def test_the_actor_is_that_of_the_token(web: Web, remote: RemotePalyra):
    """What is done from elsewhere is by whom the token speaks for, and for the reason given."""
    remote.hooks.disable(HOOK, reason="too loud")
    row = remote.hooks.enable(HOOK)

    done = web.stage.palyra.audit.log(subject=Subject("hook", HOOK))
    assert row.is_enabled
    assert [(each.actor, each.reason) for each in done[-2:]] == [
        ("operator:admin", "too loud"),
        ("operator:admin", None),
    ]


def test_an_artifact_is_sent(web: Web, remote: RemotePalyra):
    """A release comes in from a file that the gateway's machine does not have."""
    path = web.stage.pack(answering(), "acme.other")

    installed = remote.skills.install(path, reason="asked for")
    enabled = remote.skills.enable("acme.other")

    assert (installed.state, enabled.state) == ("installed", "enabled")


def test_consent_is_asked_for_here(web: Web, remote: RemotePalyra):
    """Who asks is told what changes, and decides before anything is done."""
    wider = {"filesystem": {"write_roots": ["notes"]}, "node_capabilities": ["ops", "pager"]}
    path = web.stage.pack(SENDS, version="2.0.0", capabilities=wider)
    told = []

    with pytest.raises(ConsentRequired):
        remote.skills.update(path, consent=lambda change: bool(told.append(change)))
    row = remote.skills.update(path, consent=lambda _: True, rebind=True)

    assert told[0].version == "2.0.0"
    assert told[0].findings
    assert (row.version, row.state) == ("2.0.0", "enabled")


def test_many_deliveries_are_done_as_a_job(web: Web, remote: RemotePalyra):
    """A plan is made, carried out, and watched from elsewhere."""
    plan = remote.deliveries.plan(Action.REDELIVER, matching=DeliveryFilter(hook_id=HOOK))

    *_, report = remote.deliveries.carry_out(plan, reason="again")

    assert (plan.total, report.done, report.left) == (1, 1, 0)


def test_the_log_is_verified_from_elsewhere(web: Web, remote: RemotePalyra):
    """It runs as a job, tells how far it is, and its report is read back; the checkpoint lies here."""
    file, told = web.stage.folder / "since", list[tuple[int, int]]()
    file.write_bytes(remote.ledger.checkpoints()[-1].note)

    report = remote.ledger.verify(since=file, views=True, progress=lambda *so_far: told.append(so_far))

    assert report.is_sound
    assert "hook" in report.views
    assert remote.ledger.covered_by(file) <= web.stage.log.head()


def test_the_log_is_replayed_from_elsewhere(remote: RemotePalyra):
    """As a job, whose report is read back."""
    report = remote.replay.run(hook=HOOK)

    assert report.is_faithful
    assert report.replayed.total() == 1


FAILURES = {
    "unknown skill": (lambda p: p.skills.show("nobody"), UnknownSkill),
    "unknown hook": (lambda p: p.hooks.enable("nobody"), UnknownHook),
    "run": (lambda p: p.gateway.run(), LocalOnly),
    "backup": (lambda p: p.database.back_up("file"), LocalOnly),
    "a file": (lambda p: p.verification.inspect("greeter.palyra-skill"), LocalOnly),
    "another view": (lambda p: p.projections.wait(1, ["nobody"]), UnknownProjection),
    "another file": (lambda p: p.ledger.verify(since=Path("nowhere")), UnknownCheckpoint),
}


@pytest.mark.parametrize(("ask", "error"), FAILURES.values(), ids=FAILURES.keys())
def test_errors_are_those_of_the_facade(remote: RemotePalyra, ask, error: type[PalyraError]):
    """Whoever catches an error here catches it there, too."""
    with pytest.raises(error):
        ask(remote)


@pytest.mark.parametrize("name", ["", ".", "..", "a/../b", "a?b", "a#b", "größe", "x" * 500])
def test_a_name_leads_to_no_other_path(web: Web, remote: RemotePalyra, name: str):
    """Whatever is typed as a name is refused as it is here."""
    with pytest.raises(PalyraError) as here:
        web.stage.palyra.hooks.disable(name)
    with pytest.raises(type(here.value)):
        remote.hooks.disable(name)


def test_every_noun_is_one_of_the_face(web: Web):
    """What is asked for elsewhere has the name that it has here."""
    assert all(isinstance(getattr(web.stage.palyra, noun), kind) for noun, kind in NOUNS.items())
