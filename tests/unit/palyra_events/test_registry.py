from __future__ import annotations

import json

import pytest

from palyra_events.errors import EventTooLarge, LogDamaged, UnknownEventType
from palyra_events.event import Event
from palyra_events.gateway import GatewayStarted
from palyra_events.hook import HookEnabled
from palyra_events.registry import EVENT_SIZE_MAX, REGISTRY, Registry, RegistryError
from tests.sample_events import BARE_STAMP, MOMENT

STARTED = BARE_STAMP.on(GatewayStarted, gateway_id="0f1e2d", version="0.1.0")
TOPIC, STATE = REGISTRY.encode(STARTED)


class Measured(Event):
    """An event whose third version knows where the unit went."""

    grams: int
    scale: str | None = None


def split_unit(facts):
    amount, unit = facts.pop("weight").split(" ")
    return {**facts, "amount": int(amount), "unit": unit}


def to_grams(facts):
    grams = facts.pop("amount") * {"g": 1, "kg": 1000}[facts.pop("unit")]
    return {**facts, "grams": grams}


CHAIN = Registry([(Measured, 3)], {("Measured", 1): split_unit, ("Measured", 2): to_grams})


def state(**facts: object):
    envelope = {
        "timestamp": "2026-03-01T12:30:15.123456Z",
        "actor": "operator:alice",
        "correlation_id": "c0ffee",
    }
    return json.dumps({**envelope, **facts}).encode()


def test_a_topic_is_name_and_version():
    """The topic says which reading the bytes need."""
    assert (TOPIC, REGISTRY.decode(TOPIC, STATE)) == ("GatewayStarted@1", STARTED)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "@",
        "@1",
        "GatewayStarted",
        "GatewayStarted@",
        "GatewayStarted@0",
        "GatewayStarted@2",
        "GatewayStarted@01",
        "GatewayStarted@+1",
        "GatewayStarted@-1",
        "GatewayStarted@1.0",
        "GatewayStarted@1_",
        "GatewayStarted@ 1",
        "GatewayStarted@1 ",
        "GatewayStarted@1\n",
        "GatewayStarted@1@2",
        "GatewayStarted@1@1",
        "GatewayStarted@\u0661",
        "GatewayStarted@\u00b9",
        "GatewayStarted@" + "1" * 5000,
        "gatewaystarted@1",
        " GatewayStarted@1",
        "palyra_events.gateway:GatewayStarted@1",
        "palyra_events.gateway:GatewayStarted",
        "os:system@1",
        "Event@1",
        "Registry@1",
        "__class__@1",
    ],
    ids=lambda topic: ascii(topic[:40]),
)
def test_each_topic_has_one_spelling(topic):
    """A topic that is not in the list, letter for letter, is not read, and imports nothing."""
    with pytest.raises(UnknownEventType):
        REGISTRY.decode(topic, STATE)


def test_a_long_topic_is_quoted_in_part():
    """A tampered row does not fill the screen."""
    with pytest.raises(UnknownEventType) as refused:
        REGISTRY.decode("x" * 1_000_000, STATE)
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(
    "tampered",
    [
        b"",
        b"null",
        b"[]",
        b'"GatewayStarted"',
        STATE[:-1],
        STATE + b"{}",
        b"\xff" + STATE,
        b"\xef\xbb\xbf" + STATE,
        STATE.replace(b'"0.1.0"', b"7"),
        STATE.replace(b'"0.1.0"', b"null"),
        STATE.replace(b'"0.1.0"', b'"\\ud800"'),
        STATE.replace(b'"0.1.0"', b'"\xff"'),
        STATE.replace(b'"gateway_id"', b'"gateway"'),
        STATE.replace(b'"0f1e2d"', b'"0F1E2D"'),
        STATE.replace(b'"0f1e2d"', b'"0f1e2d\\n"'),
        STATE.replace(b"operator:alice", b"alice"),
        STATE.replace(b"{", b'{"extra":1,', 1),
        STATE.replace(b'"2026-03-01T12:30:15.123456Z"', b"1772368215"),
        STATE.replace(b"15.123456Z", b"15.123456"),
        STATE.replace(b"2026-03-01T12:30:15.123456Z", b"9999-12-31T23:59:59-01:00"),
        STATE.replace(b"2026-03-01T12:30:15.123456Z", b"0001-01-01T00:00:00+01:00"),
        b"[" * 100_000,
    ],
    ids=range(22),
)
def test_tampered_bytes_are_found(tampered):
    """Bytes that are no such event are damage, said as such, whatever is wrong with them."""
    with pytest.raises(LogDamaged) as found:
        REGISTRY.decode(TOPIC, tampered)
    assert found.value.details == {"topic": TOPIC}


@pytest.mark.parametrize("value", [b'"yes"', b'"true"', b"1", b"1.0"])
def test_bytes_are_read_strictly(value):
    """What we would not have written is not taken for what we meant."""
    audited = (
        b'{"timestamp":"2026-03-01T12:30:15Z","actor":"operator:alice","correlation_id":"c","skill_id":"a",'
        b'"version":"1.0.0","artifact":{"sha256":"' + b"b2" * 32 + b'","size":1},"override":' + value + b"}"
    )
    with pytest.raises(LogDamaged):
        REGISTRY.decode("SkillEnabled@1", audited)


def test_absent_fields_take_no_bytes():
    """An event without reason and cause has no such keys: compact JSON, in the order of the fields."""
    assert STATE == (
        b'{"timestamp":"2026-03-01T12:30:15.123456Z","actor":"operator:alice","correlation_id":"c0ffee",'
        b'"gateway_id":"0f1e2d","version":"0.1.0"}'
    )


def test_an_event_of_the_largest_size_is_written():
    """The limit itself is allowed, and counts bytes of UTF-8."""
    room = EVENT_SIZE_MAX - len(STATE) + len("0.1.0")
    padded = STARTED.model_copy(update={"version": "x" * (room - 2) + "é"})
    assert len(REGISTRY.encode(padded)[1]) == EVENT_SIZE_MAX


def test_an_event_that_is_too_large_is_refused():
    """One byte more is refused before anything is written."""
    room = EVENT_SIZE_MAX - len(STATE) + len("0.1.0")
    with pytest.raises(EventTooLarge, match="GatewayStarted would have 65,537 bytes"):
        REGISTRY.encode(STARTED.model_copy(update={"version": "x" * (room + 1)}))


def test_a_type_that_is_not_registered_is_not_written():
    """Also one that inherits from a registered type: its bytes could not be told apart."""

    class GatewayRestarted(GatewayStarted):
        """Nobody registered this."""

    with pytest.raises(RegistryError, match="GatewayRestarted"):
        REGISTRY.encode(GatewayRestarted.model_validate(STARTED.model_dump()))


def test_the_list_cannot_be_changed():
    """A plugin of the host cannot slip a type in."""
    with pytest.raises(TypeError):
        REGISTRY.topics[Event] = "Event@1"


def test_old_versions_are_brought_up_step_by_step():
    """The first version passes through the second to the third."""
    assert CHAIN.decode("Measured@1", state(weight="2 kg")).grams == 2000


def test_a_middle_version_takes_the_remaining_steps():
    """The second version does not pass through the first step."""
    assert CHAIN.decode("Measured@2", state(amount=3, unit="g")).grams == 3


def test_the_current_version_takes_no_step():
    """New events are read as they are, with their optional fields."""
    measured = BARE_STAMP.on(Measured, grams=5, scale="kitchen")
    topic, written = CHAIN.encode(measured)
    assert (topic, CHAIN.decode(topic, written)) == ("Measured@3", measured)


def test_an_upcast_event_keeps_its_envelope():
    """Who and when are not the business of a step."""
    measured = CHAIN.decode("Measured@1", state(weight="2 kg"))
    assert (measured.timestamp, measured.actor, measured.correlation_id) == (
        MOMENT,
        "operator:alice",
        "c0ffee",
    )


@pytest.mark.parametrize(
    ("topic", "tampered"),
    [
        ("Measured@1", b"[]"),
        ("Measured@1", b"7"),
        ("Measured@1", b"{"),
        ("Measured@1", state()),
        ("Measured@1", state(weight=7)),
        ("Measured@1", state(weight="2kg")),
        ("Measured@1", state(weight="x kg")),
        ("Measured@1", state(weight="2 tons")),
        ("Measured@2", state(amount=None, unit="g")),
        ("Measured@2", state(amount="3", unit="g")),
        ("Measured@2", state(amount=3, unit="g", extra=1)),
        ("Measured@2", state(amount=3, unit=["g"])),
    ],
)
def test_damage_in_an_old_version_is_found(topic, tampered):
    """A step that cannot work with what it finds is damage in the log, not a crash."""
    with pytest.raises(LogDamaged):
        CHAIN.decode(topic, tampered)


@pytest.mark.parametrize(
    ("events", "upcasters", "complaint"),
    [
        ([(Measured, 1), (Measured, 1)], {}, "registered twice"),
        ([(Measured, 2)], {}, "missing"),
        ([(Measured, 3)], {("Measured", 1): split_unit}, "missing"),
        ([(Measured, 3)], {("Measured", 2): to_grams}, "missing"),
        ([(Measured, 1)], {("Measured", 1): split_unit}, "of no event"),
        ([(Measured, 2)], {("Measured", 1): split_unit, ("Measured", 0): split_unit}, "of no event"),
        ([(Measured, 1)], {("HookEnabled", 1): split_unit}, "of no event"),
        ([(Measured, 0)], {}, "the first one is 1"),
        ([(Measured, -1)], {}, "the first one is 1"),
    ],
)
def test_a_list_that_contradicts_itself_does_not_start(events, upcasters, complaint):
    """Duplicates, gaps and strays are found at start-up, not when the old row is met."""
    with pytest.raises(RegistryError, match=complaint):
        Registry(events, upcasters)


def test_two_types_of_one_name_are_one_too_many():
    """Names are the identity in the log, whichever module they come from."""
    namesake = type("HookEnabled", (Event,), {"__doc__": "A namesake."})
    with pytest.raises(RegistryError, match="registered twice"):
        Registry([(HookEnabled, 1), (namesake, 1)])
