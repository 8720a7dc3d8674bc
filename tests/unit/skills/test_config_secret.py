from __future__ import annotations

import pytest

from palyra_runtime.skills.config_secret import (
    plain_secrets,
    secret_name,
    ungranted_secrets,
    with_handles,
)
from palyra_runtime.skills.manifest import ConfigContract

CONTRACT = ConfigContract(
    properties={"pin": {"type": "string", "redacted": True}, "unit": {"type": "string"}}
)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("secret:api/token", "api/token"),
        ("secret:", None),
        ("secret:A", None),
        (" secret:a", None),
        ("a", None),
        (3, None),
        (["secret:a"], None),
    ],
)
def test_a_reference_names_a_secret(value: object, name: str | None):
    """Only the one spelling is a reference."""
    assert secret_name(value) == name


def test_secrets_in_plain_text_are_found():
    """A key that is redacted, or whose name tells of a secret, takes references only."""
    values = {"pin": "1234", "unit": "K", "API_Token": "x", "password": "secret:p"}
    assert plain_secrets(CONTRACT, values) == ("API_Token", "pin")
    assert plain_secrets(None, {"token": 3}) == ("token",)


def test_a_reference_needs_a_grant():
    """A name that was not granted would be a handle of nothing."""
    issues = ungranted_secrets({"a": "secret:x", "b": "secret:y", "c": "z"}, {"x": 20_000})
    assert [issue.field for issue in issues] == ["b"]


def test_the_guest_gets_handles():
    """Secrets are used, not read."""
    assert with_handles({"a": "secret:x", "unit": "K"}, {"x": 20_001}) == {
        "a": {"secret": 20_001},
        "unit": "K",
    }
