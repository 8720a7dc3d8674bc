from __future__ import annotations

from typing import Any

import pytest

from palyra_runtime.skills.manifest import ConfigContract
from palyra_runtime.skills.plugin_config import ConfigInstance, check_config, redact

CONTRACT = ConfigContract(
    schema_version=3,
    required=("unit", "api_token"),
    properties={
        "unit": {"type": "string", "enum_values": ["K", " C "]},
        "api_token": {"type": "string", "redacted": True},
        "limit": {"type": "integer", "default": 10},
        "names": {"type": "string_list"},
    },
)
GOOD = {"unit": "K", "api_token": "secret:t"}


def instance(values: dict[str, Any], version: int | None = 3, payload: str | None = "p") -> ConfigInstance:
    return ConfigInstance(values, version, payload)


def states(values: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
    verdict = check_config(CONTRACT, instance(values), "p")
    return verdict.state, [issue.field for issue in verdict.issues], dict(verdict.effective)


def test_what_fits_is_effective_with_the_defaults():
    """Values and defaults together are what the plugin runs with."""
    assert states(GOOD) == ("valid", [], {**GOOD, "limit": 10})


@pytest.mark.parametrize(
    ("values", "state", "fields", "effective"),
    [
        ({}, "missing", ["api_token", "unit"], {"limit": 10}),
        ({"unit": "K"}, "missing", ["api_token"], {"unit": "K", "limit": 10}),
        ({**GOOD, "zzz": 1, "aaa": 1}, "invalid", ["aaa", "zzz"], {**GOOD, "limit": 10}),
        ({**GOOD, "unit": "F"}, "invalid", ["unit"], {"api_token": "secret:t", "limit": 10}),
        ({**GOOD, "unit": "C"}, "valid", [], {**GOOD, "unit": "C", "limit": 10}),
        ({**GOOD, "limit": "9"}, "invalid", ["limit"], GOOD),
        ({**GOOD, "limit": None}, "invalid", ["limit"], GOOD),
        ({**GOOD, "limit": True}, "invalid", ["limit"], GOOD),
        ({"zzz": 1}, "invalid", ["zzz", "api_token", "unit"], {"limit": 10}),
        ({**GOOD, "names": ["a"]}, "valid", [], {**GOOD, "limit": 10, "names": ["a"]}),
    ],
)
def test_what_does_not_fit_is_named(values, state, fields, effective):
    """Unknown keys come first, then the keys of the contract; what fits stays effective."""
    assert states(values) == (state, fields, effective)


@pytest.mark.parametrize(
    ("version", "payload", "state"),
    [(3, "p", "valid"), (3, None, "valid"), (3, "q", "requires_migration")]
    + [(version, "p", "requires_migration") for version in (2, 4, None)],
)
def test_values_are_for_one_contract_of_one_release(version, payload, state):
    """What was set for another one is not used, not even where it would fit."""
    verdict = check_config(CONTRACT, instance(GOOD, version, payload), "p")
    assert (verdict.state, bool(verdict.effective)) == (state, state == "valid")
    assert verdict.redacted_fields == ("api_token",)


def test_a_skill_that_takes_no_configuration():
    """Nothing can be set, so setting nothing is valid."""
    assert check_config(None, None, "p").state == "valid"
    assert check_config(None, instance({}), "p").state == "valid"
    refused = check_config(None, instance({"b": 1, "a": 2}), "p")
    assert (refused.state, [issue.field for issue in refused.issues]) == ("invalid", ["a", "b"])


def test_defaults_stand_where_nothing_was_ever_set():
    """A plugin whose keys all have defaults needs no configuration."""
    easy = ConfigContract(properties={"limit": {"type": "integer", "default": 10}})
    verdict = check_config(easy, None, "p")
    assert (verdict.state, verdict.effective) == ("valid", {"limit": 10})


def test_what_is_redacted_is_not_shown():
    """Its key is, so that people know that it is set."""
    assert redact({"a": 1, "t": "x"}, ("t", "u")) == {"a": 1, "t": "[redacted]"}
