from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from palyra_events.blob import SealedRef
from palyra_events.errors import InvalidInput
from palyra_events.event import Event, Stamp
from palyra_events.hook import HookEnabled
from tests.sample_events import FULL_STAMP, MOMENT


def test_a_stamp_signs_an_event():
    """Who, when, why and because of what come from the stamp, the facts from the rule."""
    event = FULL_STAMP.on(HookEnabled, hook_id="greet")
    assert event == HookEnabled(
        timestamp=MOMENT,
        actor="operator:alice",
        reason=SealedRef(hmac="a1" * 32),
        correlation_id="c0ffee",
        causation_id="position:41",
        hook_id="greet",
    )


def test_time_is_in_utc():
    """A stamp of any zone is the same moment in UTC, so that bytes do not depend on where one is."""
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    event = Stamp(MOMENT.astimezone(kathmandu), "operator:alice", "c").on(HookEnabled, hook_id="greet")
    assert event.timestamp == MOMENT
    assert event.timestamp.tzinfo is UTC


@pytest.mark.parametrize(
    "stamp",
    [
        Stamp(MOMENT.replace(tzinfo=None), "operator:alice", "c"),
        Stamp(datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), "operator:alice", "c"),
        Stamp(MOMENT, "alice", "c"),
        Stamp(MOMENT, "operator:alice", ""),
        Stamp(MOMENT, "operator:alice", "c" * 161),
        Stamp(MOMENT, "operator:alice", "c", ""),
        Stamp(MOMENT, "operator:alice", "\udcff"),
    ],
    ids=[
        "no zone",
        "after the year 9999",
        "actor",
        "no correlation",
        "long correlation",
        "cause",
        "not Unicode",
    ],
)
def test_an_ill_formed_stamp_is_refused(stamp):
    """An event without a moment, an actor and a correlation does not come into being."""
    with pytest.raises(InvalidInput):
        stamp.on(HookEnabled, hook_id="greet")


def test_an_ill_formed_fact_is_named():
    """Whoever embeds the commands learns which fact is off, by a typed error."""
    with pytest.raises(InvalidInput) as refused:
        FULL_STAMP.on(HookEnabled, hook_id="Not An Id")
    assert refused.value.details == {"event": "HookEnabled", "place": "hook_id"}
    assert refused.value.message.startswith("HookEnabled is not well-formed: hook_id: ")


def test_an_unknown_fact_is_refused():
    """A misspelt fact is not dropped."""
    with pytest.raises(InvalidInput):
        FULL_STAMP.on(HookEnabled, hook_id="greet", enabled=True)


def test_an_event_never_changes():
    """A fact cannot be made another fact."""
    event = FULL_STAMP.on(HookEnabled, hook_id="greet")
    with pytest.raises(ValidationError):
        event.actor = "operator:mallory"


def test_events_are_compared_by_type_and_facts():
    """The same facts in another type are another event."""

    class HookRenamed(Event):
        """A look-alike."""

        hook_id: str

    assert FULL_STAMP.on(HookRenamed, hook_id="greet") != FULL_STAMP.on(HookEnabled, hook_id="greet")
