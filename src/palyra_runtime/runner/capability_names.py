"""The names of capabilities as requests and policies may write them, each with one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from palyra_events.capabilities import CAPABILITY_CLASSES, PluginCapabilityProfile, canonical
from palyra_runtime.runner.errors import InvalidCapability

_HOST = re.compile(r"(?![.-])(?!.*\.\.)[A-Za-z0-9.-]+(?<![.-])")
_NAME = re.compile(r"[a-z0-9._/-]+")


def normalize_capabilities(profile: PluginCapabilityProfile) -> PluginCapabilityProfile:
    """Return the lists trimmed, without blanks, sorted and unique, each name in its one spelling.

    Hosts lose their final dots and are lower-cased; a scheme, a port or a wildcard is no part of a
    host. Other names are told apart by case, so capitals are refused and not lowered.

    Raises:
        InvalidCapability: a name cannot be one of its class.
    """
    lists = {
        name: canonical(map(_NORMALIZERS[name], canonical(getattr(profile, name))))
        for name in CAPABILITY_CLASSES
    }
    return PluginCapabilityProfile(**lists)


def _host(text: str) -> str:
    name = text.rstrip(".")
    # Checked before it is lowered: the Kelvin sign lowers to a plain k.
    if not _HOST.fullmatch(name):
        raise _invalid(text, "host")
    return name.lower()


def _secret(text: str) -> str:
    return _checked(text, "secret")


def _channel(text: str) -> str:
    return _checked(text, "channel")


def _storage_prefix(text: str) -> str:
    if ".." in text or text.startswith("/"):
        raise _invalid(text, "storage prefix")
    return _checked(text, "storage prefix")


def _checked(text: str, noun: str) -> str:
    if not _NAME.fullmatch(text):
        raise _invalid(text, noun)
    return text


def _invalid(text: str, noun: str) -> InvalidCapability:
    return InvalidCapability(f"{text[:160]!r} cannot name a {noun}.", value=text[:160])


_NORMALIZERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "http_hosts": _host,
        "secrets": _secret,
        "storage_prefixes": _storage_prefix,
        "channels": _channel,
    }
)
