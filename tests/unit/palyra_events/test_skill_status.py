from __future__ import annotations

import pytest

from palyra_events.errors import InvalidIdentifier
from palyra_events.skill_status import SkillStatusRecord, current_statuses, latest_status


def record(version: str, status: str, at: int, skill: str = "acme.echo", **more: int) -> SkillStatusRecord:
    return SkillStatusRecord(
        skill_id=skill,
        version=version,
        status=status,
        detected_at_ms=at,
        operator_principal="user:ops",
        **more,
    )


def test_a_later_record_of_a_release_holds():
    """Of each release the last record counts, in whatever letters its skill was written."""
    records = [
        record("1.0.0", "active", 100),
        record("1.0.0", "quarantined", 50, skill="ACME.echo"),
        record("1.1.0", "active", 10),
    ]
    assert [(each.version, each.status) for each in current_statuses(records)] == [
        ("1.0.0", "quarantined"),
        ("1.1.0", "active"),
    ]


@pytest.mark.parametrize(
    ("records", "version"),
    [
        ([record("2.0.0", "active", 100), record("1.0.0", "disabled", 200)], "1.0.0"),
        ([record("2.0.0", "active", 100), record("1.0.0", "active", 100, updated_at_ms=1)], "1.0.0"),
        ([record("1.9.0", "active", 100), record("1.10.0", "active", 100)], "1.10.0"),
    ],
)
def test_the_latest_was_detected_last(records: list[SkillStatusRecord], version: str):
    """Then it is the one written last, then that of the newest version, counted and not spelled."""
    assert latest_status(records, "Acme.Echo").version == version


def test_other_skills_do_not_count():
    """Of a skill without records nothing is known."""
    assert latest_status([record("1.0.0", "active", 1)], "acme.other") is None


def test_a_name_that_no_skill_can_have():
    """It is the question that is wrong."""
    with pytest.raises(InvalidIdentifier):
        latest_status([], "a:b")
