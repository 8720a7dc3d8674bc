"""The effects of a run, told from its host calls and its output: what the log says must follow from these."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from palyra_events.effect import Effects, SurfaceOutput, storage_path
from palyra_runtime.capabilities import EffectCollector
from palyra_runtime.capabilities.effects import json_text
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.sandbox import CapabilityGrantSet, Exchange, Execution

#: what a host says that has done what it was asked
_DONE = b'{"ok":true}'


class Consequence(NamedTuple):
    """One effect: what is done, where, and the SHA-256 of what with; None where nothing is kept."""

    deed: str
    place: str
    sha256: str | None

    def __str__(self) -> str:
        return f"{self.deed} {self.place}" + (f" ({self.sha256[:12]})" if self.sha256 else "")


def recorded_consequences(effects: Effects) -> list[Consequence]:
    """Return the effects that an event holds."""
    return [
        *(
            _written(write.path, None if write.value is None else write.value.sha256)
            for write in effects.storage
        ),
        *(_sent(message.channel, message.message.sha256) for message in effects.messages),
        *_shown(effects.surface),
    ]


def consequences_of(execution: Execution, grants: CapabilityGrantSet) -> list[Consequence]:
    """Return the effects of a run, should it be a success: those of its host calls, and of its output."""
    done = _of_calls(execution.transcript, grants)
    if execution.document is None or "a2ui" not in execution.document:
        return done
    collector = EffectCollector()
    collector.show(execution.document)
    return [*done, *_shown(collector.effects().surface)]


def in_words(consequences: Sequence[Consequence]) -> str:
    """Return effects as a list that people read."""
    return "; ".join(map(str, consequences)) or "nothing"


_STORED, _DELETED, _SENT, _SHOWED = "stored", "deleted", "sent to", "showed"


def _of_calls(transcript: Iterable[Exchange], grants: CapabilityGrantSet) -> list[Consequence]:
    """Return the effects of host calls.

    A later write to a place takes the place of the one before, as it does while a guest runs.
    """
    writes: dict[str, Consequence] = {}
    messages: list[Consequence] = []
    for exchange in transcript:
        done = _done(exchange, grants) if exchange.answer == _DONE else None
        if done is None:
            continue
        if done.deed == _SENT:
            messages.append(done)
        else:
            writes[done.place] = done
    return [*writes.values(), *messages]


def _done(exchange: Exchange, grants: CapabilityGrantSet) -> Consequence | None:
    """Return what a host did that said so; nothing where it cannot have been asked for that."""
    try:
        request = json.loads(exchange.request)
        grant = grants.resolve(request["handle"])
        return None if grant is None else _DEEDS[request["op"]](grant.value, request)
    except (ValueError, KeyError, TypeError, RecursionError, Refused):
        return None


def _written(path: str, sha256: str | None) -> Consequence:
    return Consequence(_DELETED if sha256 is None else _STORED, path, sha256)


def _sent(channel: str, sha256: str) -> Consequence:
    return Consequence(_SENT, channel, sha256)


def _shown(output: SurfaceOutput | None) -> list[Consequence]:
    if output is None:
        return []
    return [
        Consequence(_SHOWED, f"a {output.form} of {output.surface or 'no surface'}", output.content.sha256)
    ]


def _digest(value: Any) -> str:
    return hashlib.sha256(json_text(value)).hexdigest()


#: what each operation does that is not over when it is answered
_DEEDS: Mapping[str, Callable[[str, Any], Consequence]] = MappingProxyType(
    {
        "storage.put": lambda prefix, asked: _written(
            storage_path(prefix, asked["key"]), _digest(asked["value"])
        ),
        "storage.delete": lambda prefix, asked: _written(storage_path(prefix, asked["key"]), None),
        "channel.send": lambda channel, asked: _sent(channel, _digest(asked["message"])),
    }
)
