from __future__ import annotations

from palyra_runtime.capabilities.secrets import EnvironmentSecrets, SecretChain


def test_chain():
    """The first source that has a secret gives it, and the others are asked for what it has not."""
    chain = SecretChain(
        EnvironmentSecrets({"PALYRA_SECRET_A": "first source"}),
        EnvironmentSecrets({"PALYRA_SECRET_A": "second source", "PALYRA_SECRET_B": "second source"}),
    )
    found = [chain.read(name) for name in ("a", "b", "c")]
    assert [each and each.value for each in found] == [b"first source", b"second source", None]
