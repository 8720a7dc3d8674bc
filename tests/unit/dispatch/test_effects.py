from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from palyra_events.delivery import AttemptFailed, AttemptSucceeded, DeliveryScheduled
from palyra_events.effect import Effects
from palyra_runtime.dispatch import Lease
from projections import ViewDamaged
from tests.stage import OPEN_POLICY, PLUGIN, SKILL, Stage, answering, asking, guest

PUT = {"op": "storage.put", "handle": 30_000, "key": "n", "value": [1]}
GET = {"op": "storage.get", "handle": 30_000, "key": "n"}
SEND = {"op": "channel.send", "handle": 40_000, "message": {"text": "done"}}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def open_stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A stage whose policy allows storage and a channel, over a database of either kind."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/palyra.db" if is_sqlite else request.getfixturevalue("postgres").schema()
    with Stage(url, tmp_path, policy=OPEN_POLICY) as opened:
        yield opened


def outputs(stage: Stage) -> list[object]:
    """The results of all successful attempts, in their order."""
    runs = [event.invocation for event in stage.events(AttemptSucceeded)]
    return [stage.document(run.output.sha256)["result"] for run in runs]


def test_effects_are_in_the_event_of_the_outcome(open_stage: Stage):
    """What a guest stored and sent is in the one event that says that it succeeded, and nowhere before."""
    open_stage.ready_with_effects(asking(PUT, SEND))
    open_stage.fire()

    open_stage.dispatcher().drain()

    (succeeded,) = open_stage.events(AttemptSucceeded)
    (write,), (message,) = succeeded.effects.storage, succeeded.effects.messages
    assert (write.prefix, write.key, message.channel) == ("notes", "n", "ops")
    assert open_stage.log.blob(write.value.digest) == b"[1]"
    assert open_stage.log.blob(message.message.digest) == b'{"text":"done"}'
    assert succeeded.invocation.plugin_id == PLUGIN
    assert [row.path for row in open_stage.views.stored_values(PLUGIN)] == ["notes/n"]
    assert [row.channel for row in open_stage.views.messages()] == ["ops"]


def test_the_next_run_finds_what_the_last_one_left(open_stage: Stage):
    """Several deliveries in one drain see each other's writes, in the order of the log."""
    open_stage.ready_with_effects(guest("tally"))
    for _ in range(3):
        open_stage.fire()

    open_stage.dispatcher().drain()

    assert [each["ok"]["value"] for each in outputs(open_stage)] == ["x", "xx", "xxx"]


def test_a_failed_attempt_has_no_effect(open_stage: Stage):
    """A guest that stores, sends, and then fails has changed nothing; its transcript tells what it tried."""
    open_stage.ready_with_effects(asking(PUT, SEND, exit_code=64))
    open_stage.fire()

    open_stage.dispatcher().drain()

    (failed,) = open_stage.events(AttemptFailed)
    assert open_stage.views.stored_values(PLUGIN) == []
    assert open_stage.views.messages() == []
    transcript = open_stage.document(failed.invocation.transcript.sha256)
    assert [json.loads(each["answer"]) for each in transcript] == [{"ok": True}, {"ok": True}]


def test_a_retry_starts_from_what_the_last_outcome_left(open_stage: Stage):
    """The writes of a lost attempt are not there when it is made again."""
    open_stage.ready_with_effects(guest("tally"))
    delivery_id = open_stage.scheduled()
    open_stage.claim_and_die(f"plugin:{PLUGIN}", delivery_id, 1)
    open_stage.dispatcher().drain()
    open_stage.clock.move(hours=1)

    open_stage.dispatcher().drain()

    assert [each["ok"]["value"] for each in outputs(open_stage)] == ["x"]


def test_a_run_without_effects_says_so(open_stage: Stage):
    """A plugin that has no grants leaves empty effects, and no broker of it touches a view."""
    open_stage.ready(answering())
    open_stage.fire()

    open_stage.dispatcher().drain()

    (succeeded,) = open_stage.events(AttemptSucceeded)
    assert succeeded.effects == Effects()


def test_two_hooks_of_a_plugin_with_storage_are_one_line(open_stage: Stage):
    """Its deliveries are due one after the other, whichever hook they come from."""
    open_stage.ready_with_effects(guest("tally"))
    open_stage.palyra.hooks.bind("second", event="gateway:startup", plugin=PLUGIN)
    open_stage.fire()
    open_stage.scheduler().catch_up()

    due = open_stage.views.due_deliveries(open_stage.clock())

    assert [event.ordering_key for event in open_stage.events(DeliveryScheduled)] == [f"plugin:{PLUGIN}"] * 2
    assert [row.hook_id for row in due] == ["greet"]


def test_storage_that_was_granted_later_is_claimed_for_the_plugin(open_stage: Stage):
    """A delivery from before the grant waits in its hook's line, yet no two attempts see one storage."""
    open_stage.ready(guest("tally"), capabilities={"filesystem": {"write_roots": ["notes"]}})
    delivery_id = open_stage.scheduled()
    open_stage.palyra.plugins.bind(PLUGIN, skill=SKILL, storage_prefixes=["notes"])
    open_stage.another_process().claim([Lease(f"plugin:{PLUGIN}", PLUGIN, "somebody's", 1)])

    attempted = open_stage.worker().attempt_some()

    assert attempted == []
    assert open_stage.views.delivery(delivery_id).ordering_key == "hook:greet"


def test_a_view_that_cannot_be_read_uses_up_no_attempt(open_stage: Stage):
    """Without its storage a plugin is not run at all; once the view is built anew, it is."""
    open_stage.ready_with_effects(guest("tally"))
    open_stage.fire()
    open_stage.views.storage_use(PLUGIN)
    with open_stage.engine.begin() as connection:
        connection.execute(text("DROP TABLE plugin_storage_g1"))

    for _ in range(2):
        with pytest.raises(ViewDamaged):
            open_stage.dispatcher().drain()

    assert open_stage.standing_leases() == []
    open_stage.palyra.projections.rebuild(["plugin_storage"])
    assert open_stage.dispatcher().drain().succeeded == 1
    assert open_stage.events(AttemptSucceeded)[0].attempt == 1


def test_a_plugin_sees_only_its_own_values(open_stage: Stage):
    """Two plugins of one skill with the same grant share nothing."""
    open_stage.ready_with_effects(guest("tally"))
    open_stage.palyra.plugins.bind("other", skill=SKILL, storage_prefixes=["notes"], channels=["ops"])
    open_stage.palyra.hooks.bind("other", event="gateway:startup", plugin="other")
    open_stage.fire()

    open_stage.dispatcher().drain()

    assert [each["ok"]["value"] for each in outputs(open_stage)] == ["x", "x"]


def test_handles_are_in_the_order_of_the_canonical_lists(open_stage: Stage):
    """However the grants were typed, the first handle is the first of them in byte order."""
    prefixes = ["notes/b", "drafts", "notes/a"]
    open_stage.policy = OPEN_POLICY.model_copy(update={"allowed_storage_prefixes": tuple(prefixes)})
    puts = [{**PUT, "handle": 30_000 + number, "value": number} for number in range(3)]
    open_stage.ready(asking(*puts), capabilities={"filesystem": {"write_roots": prefixes}})
    face = open_stage.open("other", policy=open_stage.policy)
    face.plugins.bind(PLUGIN, skill=SKILL, storage_prefixes=[" notes/b ", "notes/a", "drafts", "drafts"])
    open_stage.fire()

    face.dispatch.drain()

    (succeeded,) = open_stage.events(AttemptSucceeded)
    assert [write.path for write in succeeded.effects.storage] == ["drafts/n", "notes/a/n", "notes/b/n"]


def test_what_was_stored_is_there_after_a_rebuild(open_stage: Stage):
    """The views of storage and outbox are folds of the outcomes: built anew, they are the same."""
    open_stage.ready_with_effects(guest("tally"))
    for _ in range(2):
        open_stage.fire()
    open_stage.dispatcher().drain()
    before = (open_stage.views.stored_values(PLUGIN), open_stage.views.messages())

    open_stage.palyra.projections.rebuild(["plugin_storage", "outbox"])

    assert (open_stage.views.stored_values(PLUGIN), open_stage.views.messages()) == before
    assert [value.size for value in before[0]] == [4]
    assert len(before[1]) == 2
