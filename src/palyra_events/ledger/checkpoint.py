"""Checkpoints: what a log commits to at one size, as the text of a signed note.

The format is that of https://c2sp.org/tlog-checkpoint: the origin, which names the log; the number
of leaves; the root in base64; then lines for others, which are kept as they are.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Self

from palyra_events.ledger.note import InvalidNote
from palyra_events.ledger.tree import HASH_SIZE

_LINES_MIN = 3
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a ledger: how many events it has, and the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the checkpoint that the text of a note tells.

        Raises:
            InvalidNote: it tells none.
        """
        lines = text.removesuffix("\n").split("\n")
        if (
            not text.endswith("\n")
            or len(lines) < _LINES_MIN
            or not all(lines)
            or not _SIZE.fullmatch(lines[1])
        ):
            raise InvalidNote("A checkpoint is an origin, a size and a root, each in a line of its own.")
        origin, size, root, *extensions = lines
        return cls(origin, int(size), _root(root), tuple(extensions))

    def __str__(self) -> str:
        root = base64.b64encode(self.root).decode()
        return "\n".join((self.origin, str(self.size), root, *self.extensions, ""))


def _root(line: str) -> bytes:
    try:
        root = base64.b64decode(line, validate=True)
    except ValueError as error:
        raise InvalidNote("The root of a checkpoint is not base64.") from error
    if len(root) != HASH_SIZE or base64.b64encode(root).decode() != line:
        raise InvalidNote("The root of a checkpoint is 32 bytes in base64.")
    return root
