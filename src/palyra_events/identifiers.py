"""Names of things, and the stream that each thing's events live in.

Ids are what people type, so they are normalised once, here, and compared as they are ever after.
"""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import StringConstraints

from palyra_events.errors import InvalidIdentifier

#: Fixed for ever: every stream id is derived from it (RFC 9562 section 5.5).
STREAM_NAMESPACE = UUID("8e3c9a52-6a0f-5d0b-9a51-0f6c3a1d7e44")

#: characters; long enough for a reversed domain name, short enough for a table column
IDENTIFIER_LENGTH_MAX = 128

_LENGTH = f"{{1,{IDENTIFIER_LENGTH_MAX}}}"
_IDENTIFIER = re.compile(rf"[A-Za-z0-9._-]{_LENGTH}")
_ACTOR = re.compile(rf"(?:operator|system|plugin):[A-Za-z0-9._@-]{_LENGTH}")

#: how the ids of hooks begin that nobody binds: the forms of a plugin's surfaces reach it through one
_SURFACE_HOOK = "surface:"

Identifier = Annotated[str, StringConstraints(pattern=rf"^[a-z0-9._-]{_LENGTH}$")]
HookId = Annotated[str, StringConstraints(pattern=rf"^(?:{_SURFACE_HOOK})?[a-z0-9._-]{_LENGTH}$")]
Actor = Annotated[str, StringConstraints(pattern=f"^{_ACTOR.pattern}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}\.[0-9]{1,10}\.[0-9]{1,10}$")]


def normalize_identifier(text: str, noun: str = "thing") -> str:
    """Return ``text`` trimmed and in lower case, as skill, plugin and hook ids are kept.

    The letters are checked before they are lowered: the Kelvin sign lowers to a plain ``k``, and
    two names that look different must not become one.

    Raises:
        InvalidIdentifier: it is empty, too long or has other characters than ``a-z 0-9 . _ -``.
    """
    name = text.strip()
    if not _IDENTIFIER.fullmatch(name):
        raise InvalidIdentifier(f"{text[:160]!r} cannot name a {noun}.", noun=noun)
    return name.lower()


def normalize_hook_id(text: str) -> str:
    """Return the id of a hook that has deliveries, one that somebody bound or one that a surface implies.

    Raises:
        InvalidIdentifier: it is none.
    """
    before, colon, plugin_id = text.strip().partition(":")
    if before.lower() + colon == _SURFACE_HOOK:
        return surface_hook_id(normalize_identifier(plugin_id, "hook"))
    return normalize_identifier(text, "hook")


def surface_hook_id(plugin_id: str) -> str:
    """Return the id of the hook that brings forms to a plugin; a colon is in no id that people give."""
    return f"{_SURFACE_HOOK}{plugin_id}"


def check_actor(text: str) -> str:
    """Return ``text`` if it names an actor: ``operator:ID``, ``system:PART`` or ``plugin:ID``.

    Ids of people are opaque, because the log keeps them for ever; names live in an ordinary table.

    Raises:
        InvalidIdentifier: the kind is unknown or the id has other characters than ``A-Za-z0-9._@-``.
    """
    if not _ACTOR.fullmatch(text):
        raise InvalidIdentifier(f"{text[:160]!r} is not an actor such as operator:alice.", noun="actor")
    return text


def stream_id(kind: str, key: str) -> UUID:
    """Return the stream of the thing ``key`` of this ``kind``.

    A UUIDv5 of the natural key: who registers the same thing twice, at the same time on two
    machines, meets a conflict in the database and not a race in our code.
    """
    return uuid5(STREAM_NAMESPACE, f"{kind}:{key}")


def delivery_id(position: int, hook_id: str) -> str:
    """Return the id of the delivery of the event at ``position`` to this hook, such as ``12:greet``."""
    return f"{position}:{hook_id}"


def version_key(version: str) -> tuple[int, ...]:
    """Return the sort key of a three-part version, so that 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))
