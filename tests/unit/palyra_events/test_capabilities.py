from __future__ import annotations

import pytest

from palyra_events.capabilities import (
    CAPABILITY_CLASSES,
    Difference,
    DifferenceKind,
    PluginCapabilityProfile,
    canonical,
    capability_diff,
)
from tests.sample_events import GRANTS

NOTHING = PluginCapabilityProfile()


def hosts(*values: str):
    return PluginCapabilityProfile(http_hosts=values)


def test_values_are_trimmed_unique_and_in_byte_order():
    """Byte order puts capital letters first and everything beyond ASCII last, as UTF-8 does."""
    assert canonical([" b", "a", "", "  ", "b", "Z", "é", "z"]) == ("Z", "a", "b", "z", "é")


def test_a_profile_is_canonical():
    """The number of a guest's handle is a place in these lists, so they have one order."""
    assert hosts("b", " a", "b", "").http_hosts == ("a", "b")


def test_a_canonical_profile_stays_as_it_is():
    """What was recorded is read back unchanged."""
    assert PluginCapabilityProfile.model_validate_json(GRANTS.model_dump_json()) == GRANTS


@pytest.mark.parametrize("name", CAPABILITY_CLASSES)
def test_one_value_of_any_class_is_a_grant(name):
    """A profile is empty only where it has nothing in any class."""
    assert NOTHING.is_empty
    assert not PluginCapabilityProfile(**{name: ("x",)}).is_empty


def test_effective_is_what_all_three_have():
    """Declared, granted and allowed: one that refuses is enough."""
    diff = capability_diff(hosts("a", "b", "c"), hosts("a", "b", "d"), hosts("a", "c", "d"))
    assert diff.effective == hosts("a")


def test_a_grant_that_is_not_declared_is_an_excess():
    """An operator cannot give a skill what it never said that it needs."""
    diff = capability_diff(NOTHING, hosts("a"), hosts("a"))
    assert not diff.valid
    assert Difference("http_hosts", "a", DifferenceKind.EXCESS_GRANT) in diff.differences


def test_a_grant_that_the_policy_forbids_is_restricted():
    """The policy has the last word."""
    diff = capability_diff(hosts("a"), hosts("a"), NOTHING)
    assert not diff.valid
    assert diff.differences == (Difference("http_hosts", "a", DifferenceKind.POLICY_RESTRICTED),)


def test_a_declared_value_that_is_not_granted_is_a_remark():
    """Granting less than what was asked for is an operator's right."""
    diff = capability_diff(hosts("a"), NOTHING, hosts("a"))
    assert diff.valid
    assert [difference.kind for difference in diff.differences] == [
        DifferenceKind.MISSING_GRANT,
        DifferenceKind.UNUSED_DECLARED_CAPABILITY,
    ]


def test_a_wildcard_is_pointed_at():
    """What could mean anything is shown to whoever reviews it."""
    diff = capability_diff(hosts("*.example.com"), hosts("*.example.com"), hosts("*.example.com"))
    assert diff.valid
    assert diff.differences == (Difference("http_hosts", "*.example.com", DifferenceKind.WILDCARD_RISK),)


def test_equal_profiles_do_not_differ():
    """Nothing is reported where nothing is to be seen."""
    diff = capability_diff(GRANTS, GRANTS, GRANTS)
    assert diff == (True, GRANTS, ())
