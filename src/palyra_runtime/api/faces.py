"""The faces of those who ask: each caller acts by a face whose actor is the caller."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palyra_runtime.bootstrap import Face, Palyra

#: faces that are kept; another one is made in a moment
_KEPT_MAX = 64


class Faces:
    """Makes a face for each actor, and keeps those of the actors who asked last."""

    def __init__(self, palyra: Palyra | None) -> None:
        self._palyra = palyra
        self._kept: OrderedDict[str, Face] = OrderedDict()
        self._lock = Lock()

    def of(self, actor: str) -> Face:
        """Return the face of an actor, who is on every event that it appends."""
        assert self._palyra is not None
        with self._lock:
            face = self._kept.pop(actor, None) or self._palyra.acting_as(actor)
            self._kept[actor] = face
            if len(self._kept) > _KEPT_MAX:
                self._kept.popitem(last=False)
            return face

    def ours(self) -> Face:
        """Return the face of whoever runs the gateway."""
        assert self._palyra is not None
        return self._palyra
