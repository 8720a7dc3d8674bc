from __future__ import annotations

import pytest

from palyra_runtime.capabilities.secrets import EnvironmentSecrets, InvalidSecret


@pytest.mark.parametrize(
    ("name", "variable"),
    [("key", "KEY"), ("api.key", "API_KEY"), ("team/api-key", "TEAM_API_KEY"), ("k3y", "K3Y")],
)
def test_variable(name, variable):
    """A secret's variable is its name in capitals, with underscores for punctuation."""
    secrets = EnvironmentSecrets({f"PALYRA_SECRET_{variable}": "long enough"})
    assert secrets.read(name).value == b"long enough"


def test_process(monkeypatch):
    """Without another environment it is the process's own, as it is at that moment."""
    secrets = EnvironmentSecrets()
    monkeypatch.setenv("PALYRA_SECRET_KEY", "set later on")
    assert secrets.read("key").value == b"set later on"


@pytest.mark.parametrize("environment", [{}, {"PALYRA_SECRET_KEY": ""}, {"KEY": "long enough"}])
def test_missing(environment):
    """A variable that is missing or empty is no secret."""
    assert EnvironmentSecrets(environment).read("key") is None


@pytest.mark.parametrize("value", ["1234567", "x" * 65_537])
def test_size(value):
    """A value that cannot be masked well, or is no secret at all, is refused without being quoted."""
    with pytest.raises(InvalidSecret) as refused:
        EnvironmentSecrets({"PALYRA_SECRET_KEY": value}).read("key")
    assert value not in str(refused.value)


@pytest.mark.parametrize("name", ["", "Key", "a b", "skill:x", "\u00e9", "x" * 129, "a=b"])
def test_name(name):
    """A name that cannot be a secret's is refused, and read from nowhere."""
    with pytest.raises(InvalidSecret):
        EnvironmentSecrets({}).read(name)


def test_not_shown():
    """Printing the source shows no value."""
    assert "hidden" not in repr(EnvironmentSecrets({"PALYRA_SECRET_KEY": "hidden-value"}))
