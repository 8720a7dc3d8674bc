"""Secrets in a configuration: never their values, only references such as ``secret:api_token``.

A reference names a secret that the plugin was granted. The guest is told ``{"secret": HANDLE}`` in its
place, and uses the handle as it uses any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from palyra_runtime.skills.manifest import ConfigContract
from palyra_runtime.skills.manifest_warnings import looks_secret
from palyra_runtime.skills.plugin_config import ConfigIssue

_REFERENCE = re.compile(r"secret:([a-z0-9._/-]+)")


def secret_name(value: object) -> str | None:
    """Return the name of the secret that a value refers to; None for any other value."""
    found = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else found[1]


def plain_secrets(contract: ConfigContract | None, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys whose values are to be references and are not, sorted.

    Those are the keys that the contract redacts, and those whose names tell of a secret.
    """
    properties = {} if contract is None else contract.properties
    redacted = {name for name, wanted in properties.items() if wanted.redacted}
    return tuple(
        name
        for name, value in sorted(values.items())
        if (name in redacted or looks_secret(name.lower())) and secret_name(value) is None
    )


def ungranted_secrets(effective: Mapping[str, Any], handles: Mapping[str, int]) -> tuple[ConfigIssue, ...]:
    """Return an issue for each reference to a secret that has no handle, because it is not granted."""
    named = ((key, secret_name(value)) for key, value in sorted(effective.items()))
    return tuple(
        ConfigIssue(key, f"refers to the secret {name[:100]}, which is not granted")
        for key, name in named
        if name is not None and name not in handles
    )


def with_handles(effective: Mapping[str, Any], handles: Mapping[str, int]) -> dict[str, Any]:
    """Return the configuration as the guest sees it: the handles of secrets in place of references."""
    return {
        key: value if (name := secret_name(value)) is None else {"secret": handles[name]}
        for key, value in effective.items()
    }
