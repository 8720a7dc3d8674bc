"""What a plugin's run changes beside its own record: values that it stored, messages that it sent.

Effects are part of the outcome, in the one event that says that the run succeeded. So they happen
exactly once, however often the plugin was invoked on the way there; what acts upon them is folded
from that event.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from palyra_events.blob import BlobRef

#: bytes of JSON; an outcome also records the plugin's grants, and has to fit into an event
EFFECTS_SIZE_MAX = 24 * 1024

#: bytes in UTF-8
KEY_BYTES_MAX = 512
#: bytes in UTF-8 of a prefix and a key together; databases index no longer ones
PATH_BYTES_MAX = 1024

#: without control characters, which no database keeps and no terminal shows alike
_VISIBLE = r"[^\x00-\x1f\x7f-\x9f]"

Prefix = Annotated[str, StringConstraints(pattern=f"^{_VISIBLE}{{1,{PATH_BYTES_MAX}}}$")]
Key = Annotated[str, StringConstraints(pattern=f"^{_VISIBLE}{{1,{KEY_BYTES_MAX}}}$")]


class StorageWrite(BaseModel):
    """A value that is kept under a key of a granted prefix; without one, the key is free again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefix: Prefix
    key: Key
    value: BlobRef | None = None

    @property
    def path(self) -> str:
        """Where the value lies among all that the plugin keeps."""
        return storage_path(self.prefix, self.key)


class ChannelMessage(BaseModel):
    """A message to a granted channel: a JSON document, to be sent once the outcome is recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str
    message: BlobRef


class Effects(BaseModel):
    """All effects of a run: at most one write for each place, and the messages in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    storage: tuple[StorageWrite, ...] = ()
    messages: tuple[ChannelMessage, ...] = ()


def storage_path(prefix: str, key: str) -> str:
    """Return where ``key`` lies that is named through a grant of ``prefix``.

    A grant covers what is below it: ``drafts/one`` through ``notes`` is ``one`` through ``notes/drafts``.
    """
    return "/".join([*filter(None, prefix.split("/")), key])


def message_id(position: int, index: int) -> str:
    """Return the id of a message: the ``index``-th, from 0, of the outcome at ``position``."""
    return f"{position}.{index}"
