from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from palyra_events.delivery import (
    AttemptFailed,
    AttemptSucceeded,
    DeliveryCancelled,
    DeliveryDeadLettered,
    DeliveryHastened,
    DeliveryRequeued,
    DeliverySkipped,
)
from palyra_runtime.replay import Aspect, ReplayReport
from tests.forging import edited, place_of, twice, without
from tests.stage import PLUGIN, Stage, answering
from tests.tampering import Attack, Rows, all_rows, hashed, numbered, tamper

#: a guest that fails, and says that it would do so again
HOPELESS = answering(60, '{"retry":false}')

#: the first attempt of the delivery that fails; the one before it is that of the lost worker
FIRST = 1

#: what somebody forges, and what is said of it
FORGERIES: dict[str, tuple[Attack, str]] = {
    "another number": (
        edited(AttemptFailed, lambda facts: facts.update(attempt=7)),
        "attempt: 7 is recorded; the log implies 3.",
    ),
    "another delay": (
        edited(AttemptFailed, lambda facts: facts.update(retry_at="2026-03-01T12:00:09Z"), FIRST),
        "retry_at: 2026-03-01 12:00:09+00:00 is recorded; the log implies 2026-03-01 12:00:0",
    ),
    "no retry": (
        edited(AttemptFailed, lambda facts: facts.pop("retry_at"), FIRST),
        "The delivery was given up, and its guest did not ask for that.",
    ),
    "another outcome": (
        edited(AttemptFailed, lambda facts: facts.update(outcome="denied"), FIRST),
        "The attempt is said to have failed as denied; its run ended as guest_failed.",
    ),
    "no run": (
        edited(AttemptFailed, lambda facts: facts.pop("invocation")),
        "Nothing is recorded of a run that ended as guest_failed.",
    ),
    "a success that was none": (
        edited(AttemptSucceeded, lambda facts: facts["invocation"].update(outcome="deadline")),
        "The attempt is said to have succeeded; its run ended as deadline.",
    ),
    "another actor": (
        edited(AttemptFailed, lambda facts: facts.update(actor="operator:eve")),
        "actor: operator:eve is recorded; the log implies system:worker.",
    ),
    "too early": (
        edited(AttemptFailed, lambda facts: facts.update(timestamp="2026-03-01T12:10:00Z")),
        "It was taken up at 2026-03-01 12:10:00, and due at 2026-03-01 14:00:0",
    ),
    "the right of another time": (
        edited(AttemptFailed, lambda facts: facts["invocation"].update(as_of=20)),
        "The right to run was read as of position 20, and not in ",
    ),
    "another number at the end": (
        edited(DeliveryDeadLettered, lambda facts: facts.update(attempts=2)),
        "attempts: 2 is recorded; the log implies 3.",
    ),
    "no end": (without(DeliveryDeadLettered), "the delivery is to be a dead letter, and is not."),
    "no last attempt": (without(AttemptFailed), "Nothing before it leads to this."),
    "no second attempt": (without(AttemptFailed, -2), "attempt: 3 is recorded; the log implies 2."),
    "a second success": (twice(AttemptSucceeded), "is succeeded; no attempt is due."),
    "one attempt more": (twice(AttemptFailed), "is dead; no attempt is due."),
    "a second end": (twice(DeliveryDeadLettered), "Nothing before it leads to this."),
}


def messages(report: ReplayReport) -> list[str]:
    return [difference.message for finding in report.findings for difference in finding.differences]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage where one delivery fails to its end, one gives up at once, and one loses its worker."""
    folder = tmp_path_factory.mktemp("course")
    with Stage(f"sqlite:///{folder / 'palyra.db'}", folder) as stage:
        for name, module in (("failing", answering(60)), ("hopeless", HOPELESS), ("fine", answering())):
            stage.ready(module, hook=name, plugin=name, skill_id=f"acme.{name}")
        stage.palyra.hooks.bind("failing", event="gateway:startup", plugin="failing", attempts_max=3)
        lost = stage.scheduled().partition(":")[0] + ":fine"
        stage.claim_and_die("hook:fine", lost, 1)
        worker = stage.worker()
        worker.take_over()
        for _ in range(3):
            while worker.work():
                pass
            stage.clock.move(hours=2)
        yield stage


@pytest.fixture
def replayed(played: Stage) -> Iterator[Callable[[Attack], ReplayReport]]:
    """Attacks the log and replays what is left of it; afterwards the log is as it was."""
    honest = all_rows(played.log)

    def replay(attack: Attack) -> ReplayReport:
        tamper(played.log, attack)
        return played.palyra.replay.run()

    yield replay
    tamper(played.log, lambda _: honest)


def test_a_course_follows_from_the_log(played: Stage):
    """Attempts, delays, the guest's own word, a lost worker, and the end of each delivery."""
    report = played.palyra.replay.run()

    assert (report.findings, report.follow_ups) == ([], 8)


def test_every_turn_that_an_operator_gives_follows_from_the_log(stage: Stage):
    """A hurried retry, a cancellation, one more round, a skip."""
    stage.ready(answering(60))
    delivery_id, worker = stage.scheduled(), stage.worker()
    worker.work()
    stage.palyra.deliveries.retry(delivery_id)
    worker.work()
    stage.palyra.deliveries.cancel(delivery_id, reason="enough")
    stage.palyra.deliveries.redeliver(delivery_id)
    stage.palyra.plugins.disable(PLUGIN)
    worker.work()

    report = stage.palyra.replay.run()

    turns = {DeliveryHastened, DeliveryRequeued, DeliveryCancelled, DeliverySkipped}
    assert {type(event) for event in stage.events()} >= turns
    assert (report.findings, report.follow_ups) == ([], 6)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_course_is_found(replayed, name):
    """Each step is the one that the rules make of those before it."""
    attack, message = FORGERIES[name]

    report = replayed(attack)

    assert any(message in each for each in messages(report)), messages(report)


def test_a_guest_that_gave_up_and_was_tried_again_is_found(played: Stage, replayed):
    """What a guest says on trying again is in its output, which running it again tells."""

    def attack(rows: Rows) -> Rows:
        hopeless = [
            n for n, row in enumerate(rows) if b":hopeless" in row.state and b"AttemptFailed" in row.topic
        ]
        (place,) = hopeless
        facts = json.loads(rows[place].state)
        facts["retry_at"] = "2026-03-01T12:00:01Z"
        rows[place] = rows[place]._replace(state=json.dumps(facts).encode())
        return hashed(numbered([*rows[: place + 1], *rows[place + 2 :]]))

    assert "The guest said to give its delivery up, and nobody did." in messages(replayed(attack))


def test_an_event_in_the_stream_of_something_else_is_found(played: Stage, replayed):
    """Who reads the stream of the delivery does not see it."""

    def attack(rows: Rows) -> Rows:
        place = place_of(rows, AttemptSucceeded, -1)
        rows[place] = rows[place]._replace(stream_id=rows[0].stream_id, version=99)
        return hashed(rows)

    report = replayed(attack)

    assert messages(report) == ["The event stands in the stream of something else."]
    assert report.findings[0].differences[0].aspect is Aspect.COURSE


def test_a_stretch_begins_where_deliveries_stand(played: Stage):
    """What came before it is looked up, and what follows after its end as well."""
    positions = [row.position for row in all_rows(played.log) if row.topic.startswith(b"Attempt")]

    reports = [played.palyra.replay.run(first=each, last=each) for each in positions]

    assert [report.findings for report in reports] == [[] for _ in positions]
    assert all(report.follow_ups for report in reports)


def test_a_selection_leaves_other_deliveries_alone(played: Stage):
    """The one of a hook, or of a plugin."""
    assert played.palyra.replay.run(hook="failing").follow_ups == 4
    assert played.palyra.replay.run(plugin="fine").follow_ups == 2
