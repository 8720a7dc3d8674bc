from __future__ import annotations

import pytest

from palyra_events.blob import seal
from palyra_events.gateway import GatewayStarted
from palyra_events.hook import HookBound, HookDisabled, HookEnabled
from palyra_events.identifiers import stream_id
from palyra_events.store import EventLog
from projections import Subject, Views
from tests.journal import Journal
from tests.sample_events import FULL_STAMP, SAMPLES, TARGET

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def four(journal: Journal) -> None:
    """Four hooks are bound; the fourth by somebody else."""
    for name in NAMES[:3]:
        journal.add(HookBound, hook_id=name, target=TARGET)
    journal.append([journal.stamp("operator:bob").on(HookBound, hook_id="d", target=TARGET)])


def test_each_event_has_one_row(views: Views, journal: Journal):
    """Nothing that happens is too small for the auditors."""
    journal.append([sample.minimal for sample in SAMPLES if type(sample.minimal).__name__.startswith("Hook")])

    rows = views.audit()

    assert [row.topic for row in rows] == [
        "HookBound@1",
        "HookRebound@1",
        "HookEnabled@1",
        "HookDisabled@1",
        "HookUnbound@1",
    ]
    assert [row.position for row in rows] == [1, 2, 3, 4, 5]


def test_a_row_tells_who_when_what_and_why(views: Views, journal: Journal):
    """The envelope of the event and its place in its stream are in the row."""
    sealed, blob = seal("asked for by the team", bytes(32))
    stamp = FULL_STAMP.on(HookBound, hook_id="greet", target=TARGET).model_copy(update={"reason": sealed})
    journal.append([stamp], blobs=[blob])

    (row,) = views.audit()

    assert (row.timestamp, row.actor, row.reason) == (
        FULL_STAMP.timestamp,
        "operator:alice",
        "asked for by the team",
    )
    assert (row.subject_kind, row.subject_id) == ("hook", "greet")
    assert row.summary == "bound: skill:enabled to plugin echo"
    assert (row.correlation_id, row.causation_id) == ("c0ffee", "position:41")
    assert (row.stream_id, row.stream_version) == (str(stream_id("hook", "greet")), 1)


def test_an_erased_reason_is_told_from_none(views: Views, journal: Journal, log: EventLog):
    """That somebody gave a reason stays known when its words are gone."""
    journal.add(HookBound, hook_id="silent", target=TARGET)
    erased, _ = seal("private", bytes(32))
    event = journal.stamp().on(HookDisabled, hook_id="silent")
    journal.append([event.model_copy(update={"reason": erased})])

    rows = views.audit()

    assert [(row.reason, row.is_reason_erased) for row in rows] == [(None, False), (None, True)]


def test_a_changed_reason_is_buried_not_shown(views: Views, journal: Journal):
    """A text that is not the recorded one costs the row, and the status says so; the rest is told."""
    journal.add(HookBound, hook_id="greet", target=TARGET)
    sealed, blob = seal("reviewed", bytes(32))
    event = journal.stamp().on(HookDisabled, hook_id="greet").model_copy(update={"reason": sealed})
    journal.append([event], blobs=[type(blob)(blob.digest, blob.content + b"!")])
    journal.add(HookEnabled, hook_id="greet")

    rows = views.audit()

    assert [row.position for row in rows] == [1, 3]
    assert {status.name: status.dead_letters for status in views.status()}["audit"] == 1


@pytest.mark.usefixtures("four")
def test_rows_are_found_by_subject_and_actor(views: Views):
    """One thing's history, one person's deeds, and both together."""
    of_b = views.audit(subject=Subject("hook", "b"))
    of_bob = views.audit(actor="operator:bob")
    of_both = views.audit(subject=Subject("hook", "b"), actor="operator:bob")

    assert [[row.position for row in rows] for rows in (of_b, of_bob, of_both)] == [[2], [4], []]


@pytest.mark.usefixtures("four")
def test_pages_follow_each_other_in_either_direction(views: Views):
    """The last row of a page is where the next one begins; the newest come first where asked."""
    first = views.audit(limit=2)
    second = views.audit(limit=2, after=first[-1].position)
    newest = views.audit(limit=2, newest_first=True)

    assert [[row.position for row in page] for page in (first, second, newest)] == [[1, 2], [3, 4], [4, 3]]


def test_the_events_of_one_kind_of_subjects_are_listed(views: Views, journal: Journal):
    """All gateways, whichever, and nothing else."""
    journal.add(GatewayStarted, gateway_id="one", version="0.1.0")
    journal.add(HookDisabled, hook_id="greet")
    journal.add(GatewayStarted, gateway_id="two", version="0.1.0")

    rows = views.audit(subject_kind="gateway", newest_first=True)

    assert [row.subject_id for row in rows] == ["two", "one"]
