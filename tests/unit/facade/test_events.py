from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from palyra_events.errors import LogDamaged
from projections import Subject
from tests.stage import SKILL, Stage, answering


def test_events_are_read_from_either_end(stage: Stage):
    """A page begins after a position; the newest come in the order of the log."""
    stage.install(answering())
    head = stage.log.head()

    assert [detail.position for detail in stage.palyra.events.list(after=1)] == [2, head]
    assert [detail.position for detail in stage.palyra.events.newest(2)] == [head - 1, head]
    assert stage.palyra.events.newest(0) == ()


def test_an_event_is_shown_with_its_place_and_its_facts(stage: Stage):
    """Position, stream, version, topic and leaf are the row's; the facts are plain values."""
    stage.install(answering())

    detail = stage.palyra.events.show(2)

    row = stage.log.read(1, 1)[0]
    assert (detail.position, detail.stream_id, detail.version) == (2, row.stream_id, 1)
    assert (detail.topic, detail.leaf) == ("SkillInstalled@1", row.leaf)
    assert detail.facts["skill_id"] == SKILL


def test_a_reason_that_was_changed_is_damage(stage: Stage):
    """A text that is not the sealed one is never shown as what somebody said."""
    stage.install(answering())
    stage.palyra.skills.quarantine(SKILL, reason="noise")
    digest = stage.events()[-1].reason.digest
    with closing(sqlite3.connect(stage.log.path)) as connection, connection:
        connection.execute("DELETE FROM blob WHERE digest = ?", (digest,))
        connection.execute("INSERT INTO blob VALUES (?, ?)", (digest, bytes(32) + b"praise"))

    with pytest.raises(LogDamaged):
        stage.palyra.events.newest(1)


def test_a_reason_that_was_erased_is_absent(stage: Stage):
    """Erasing a text leaves its event as it was, in the log and in the audit trail."""
    stage.install(answering())
    stage.palyra.skills.quarantine(SKILL, reason="noise")
    with closing(sqlite3.connect(stage.log.path)) as connection, connection:
        connection.execute("DELETE FROM blob WHERE digest = ?", (stage.events()[-1].reason.digest,))

    assert stage.palyra.events.newest(1)[0].reason is None


def test_the_trail_is_filtered_by_subject_and_actor(stage: Stage):
    """Who asks about one skill or one person gets the events of that one."""
    stage.install(answering())
    stage.open("bob", actor="operator:bob").skills.quarantine(SKILL, reason="noise")

    rows = stage.palyra.audit.log(subject=Subject("skill", SKILL), actor="operator:bob")

    assert [(row.topic, row.reason) for row in rows] == [("SkillQuarantined@1", "noise")]
    assert [row.position for row in stage.palyra.audit.log(limit=1, newest_first=True)] == [stage.log.head()]


def test_an_export_has_every_event_once_in_order(stage: Stage):
    """However many pages it takes; the bounds are those of `read`, and what comes later is left out."""
    stage.install(answering())
    head = stage.log.head()
    every = stage.palyra.events.export()
    stage.palyra.skills.quarantine(SKILL, reason="noise")

    assert [detail.position for detail in every] == [*range(1, head + 1)]
    assert [detail.position for detail in stage.palyra.events.export(after=1, until=2)] == [2]
    assert list(stage.palyra.events.export(after=99)) == []
