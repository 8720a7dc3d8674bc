"""Whatever operators and installs do to publishers: the rules hold, and the view says what the rules say."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from palyra_events.errors import PalyraError
from palyra_events.publisher import (
    KeyStanding,
    Publisher,
    evolve,
    pin_publisher,
    revoke_publisher,
    rotate_publisher,
    trust_publisher,
)
from palyra_events.store import EventLog
from palyra_runtime.facade.vetting import publishers_of
from palyra_runtime.skills import trust_store_document, trust_store_of
from projections import Projector, Views, open_engine
from tests.journal import Journal
from tests.sample_events import FULL_STAMP

KEYS = ["4b" * 32, "5c" * 32, "6d" * 32]
PATTERNS = [(), ("acme.*",), ("acme.echo", "orchid.*")]

key = st.sampled_from(KEYS)
commands = st.one_of(
    st.tuples(st.just(pin_publisher), key, st.none()),
    st.tuples(st.just(trust_publisher), key, st.sampled_from(PATTERNS)),
    st.tuples(st.just(rotate_publisher), key, st.none() | key),
    st.tuples(st.just(revoke_publisher), st.none() | key, st.none()),
)
histories = st.lists(st.tuples(st.sampled_from(["acme", "orchid"]), commands), max_size=12)


def decide(publisher, command):
    """Return what a command appends; nothing where it is refused."""
    rule, subject, argument = command
    name = f"ed25519:{(subject or '')[:2]}"
    try:
        if rule is revoke_publisher:
            return rule(publisher, subject, FULL_STAMP)
        if rule is trust_publisher:
            return rule(publisher, name, subject, argument, FULL_STAMP)
        if rule is rotate_publisher:
            return rule(publisher, name, subject, FULL_STAMP, replaced=argument)
        return rule(publisher, name, subject, FULL_STAMP)
    except PalyraError:
        return []


@settings(max_examples=400, deadline=None)
@given(histories)
def test_the_rules_hold_in_any_order(history):
    """A revoked key stays revoked, one key at most is pinned, and what is exported can be imported."""
    publishers = {name: Publisher(name) for name in ("acme", "orchid")}
    for name, command in history:
        before = publishers[name]
        for event in decide(before, command):
            publishers[name] = evolve(publishers[name], event)
        after = publishers[name]
        revoked = {each.public_key for each in before.having(KeyStanding.REVOKED)}
        assert revoked <= {each.public_key for each in after.having(KeyStanding.REVOKED)}
        assert len(after.having(KeyStanding.PINNED)) <= 1
        assert before.keys.keys() <= after.keys.keys()
    trust_store_document(trust_store_of(publishers.values()))


@settings(max_examples=25, deadline=None)
@given(histories)
def test_the_view_says_what_the_rules_say_at_any_position(history):
    """The keys of each moment are those that the events until then fold to."""
    with TemporaryDirectory() as folder, EventLog.open(f"sqlite:///{Path(folder) / 'trust.db'}") as log:
        journal, positions = Journal(log), count(1)
        publishers = {name: Publisher(name) for name in ("acme", "orchid")}
        moments = {0: dict(publishers)}
        for name, command in history:
            for event in decide(publishers[name], command):
                journal.append([event])
                publishers[name] = evolve(publishers[name], event)
                moments[next(positions)] = dict(publishers)
        engine = open_engine(log.url)
        views = Views(engine, Projector(engine, log))
        for position, known in moments.items():
            told = {each.publisher: each for each in publishers_of(views.trust(at=position))}
            for name, publisher in known.items():
                assert _keys(told.get(name, Publisher(name))) == _keys(publisher)
        engine.dispose()


def _keys(publisher):
    return {
        record.public_key: (record.key_id, record.standing, record.skills)
        for record in publisher.keys.values()
    }
