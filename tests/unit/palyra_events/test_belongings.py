from __future__ import annotations

import json

import pytest

from palyra_events.belongings import Belongings, Quotes, is_erasable, texts_of
from palyra_events.blob import BlobRef, seal
from palyra_events.delivery import (
    AttemptSucceeded,
    DeliveryCancelled,
    DeliveryRequeued,
    DeliveryScheduled,
)
from palyra_events.event import Event, Stamp
from palyra_events.holding import BlobKind
from palyra_events.hook import HookDisabled
from palyra_events.lifecycle import HookEventKind
from palyra_events.tool_run import PluginInvoked
from tests.sample_events import BARE_INVOCATION, MOMENT

BOB, ALICE, WORKER = "operator:bob", "operator:alice", "system:worker"
REASONS = [seal(f"reason {number}", bytes([number]) * 32)[0] for number in range(4)]


def by(actor: str, reason: int | None = None) -> Stamp:
    """Return the stamp of somebody, with one of the reasons."""
    return Stamp(MOMENT, actor, "c0ffee", reason=None if reason is None else REASONS[reason])


def disabled(actor: str, reason: int):
    """Return an event by somebody, with one of the reasons."""
    return by(actor, reason).on(HookDisabled, hook_id="greet")


def run(byte: str):
    """Return the record of a run that was told these bytes."""
    return BARE_INVOCATION.model_copy(update={"input": BlobRef(sha256=byte * 32, size=1)})


def scheduled(position: int):
    """Return the scheduling of a delivery of the event at a position."""
    facts = {"event_kind": HookEventKind.SkillEnabled, "hook_id": "greet", "plugin_id": "echo"}
    return by("system:scheduler").on(
        DeliveryScheduled,
        delivery_id=f"{position}:greet",
        event_position=position,
        **facts,
        ordering_key="hook:greet",
        attempts_max=3,
    )


def attempted(position: int, byte: str):
    """Return the outcome of an attempt that was told of the event at a position."""
    return by(WORKER).on(AttemptSucceeded, delivery_id=f"{position}:greet", attempt=1, invocation=run(byte))


def of_bob(*events: Event, until: int | None = None) -> Belongings:
    """Return what belongs to Bob in a log of these events."""
    belongings = Belongings(BOB, until)
    for position, event in enumerate(events, 1):
        belongings.take(position, event)
    return belongings


def test_reasons_belong_to_who_gave_them():
    """Bob's reasons are his, and Alice's are not."""
    belongings = of_bob(disabled(BOB, 0), disabled(ALICE, 1), disabled(BOB, 2))
    assert set(belongings.owned) == {REASONS[0].digest, REASONS[2].digest}
    assert belongings.positions == {1, 3}


def test_so_do_the_records_of_runs_that_were_told_of_it():
    """A plugin was told why Bob did something: what it was told is Bob's, and what others did is not."""
    belongings = of_bob(disabled(BOB, 0), disabled(ALICE, 1), attempted(1, "aa"), attempted(2, "bb"))
    assert belongings.owned == {REASONS[0].digest: BlobKind.REASON, bytes.fromhex("aa" * 32): BlobKind.INPUT}


def test_so_do_tool_runs():
    """What somebody typed in for a tool is theirs."""
    event = by(BOB).on(
        PluginInvoked, invocation_id="9a" * 16, tool_id="echo", outcome="ok", invocation=run("cc")
    )
    assert set(of_bob(event).owned) == {bytes.fromhex("cc" * 32)}


def test_what_is_done_later_is_left():
    """Up to a position means: acts after it do not count, but late runs of earlier acts do."""
    belongings = of_bob(disabled(BOB, 0), disabled(BOB, 1), attempted(1, "aa"), attempted(2, "bb"), until=1)
    assert set(belongings.owned) == {REASONS[0].digest, bytes.fromhex("aa" * 32)}


def test_open_deliveries_are_told():
    """A delivery of Bob's is open until it has ended, and again when it is requeued."""
    again = by(ALICE).on(DeliveryRequeued, delivery_id="1:greet", round=2)
    gone = by(ALICE).on(DeliveryCancelled, delivery_id="1:greet", was="scheduled")
    course = [disabled(BOB, 0), scheduled(1), attempted(1, "aa"), again, gone]
    told = [of_bob(*course[:length]).open_deliveries for length in range(1, 6)]
    assert told == [set(), {"1:greet"}, set(), {"1:greet"}, set()]


def test_what_others_wrote_and_what_things_are_made_of_stays():
    """Quoting Bob is no reason to take Alice's words, a plugin's settings or a skill away."""
    stay = {kind.value for kind in BlobKind if not is_erasable(kind)}
    assert stay == {"reason", "form", "config", "artifact", "report"}


def test_texts_are_those_that_a_person_wrote():
    """A reason is one; a form has several, wherever in it; what a guest wrote is none."""
    form = json.dumps({"name": "Ada", "age": 36, "tags": ["a", {"b": "c"}], "none": None, "": ""})
    assert list(texts_of(BlobKind.REASON, b"s" * 32 + b"why")) == ["why"]
    assert list(texts_of(BlobKind.FORM, b"s" * 32 + form.encode())) == ["Ada", "a", "c"]
    assert list(texts_of(BlobKind.OUTPUT, b"s" * 32 + b"why")) == []


@pytest.mark.parametrize(
    "content",
    [
        'he said: "größer als 16 Zeichen", and left',
        json.dumps({"reason": 'he said: "größer als 16 Zeichen", and left'}),
        json.dumps({"reason": 'he said: "größer als 16 Zeichen", and left'}, ensure_ascii=False),
        json.dumps(json.dumps({"reason": 'he said: "größer als 16 Zeichen", and left'})),
    ],
)
def test_words_are_found_in_any_spelling(content):
    """As they are, in JSON with or without escapes, and in JSON within JSON."""
    quotes = Quotes(['he said: "größer als 16 Zeichen", and left'])
    assert quotes.are_in(content.encode(), also_short=False)
    assert not quotes.are_in(content.replace("16", "17").encode(), also_short=True)


def test_short_words_count_where_they_are_expected():
    """What is shorter than 16 bytes is in many bytes by chance."""
    quotes = Quotes(["ok"])
    assert [quotes.are_in(b"a book", also_short=short) for short in (True, False)] == [True, False]
