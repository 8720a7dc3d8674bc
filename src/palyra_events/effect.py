"""What a plugin's run changes beside its own record: values stored, messages sent, a page shown.

Effects are part of the outcome, in the one event that says that the run succeeded. So they happen
exactly once, however often the plugin was invoked on the way there; what acts upon them is folded
from that event.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from palyra_events.blob import BlobRef
from palyra_events.identifiers import Identifier

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


class SurfaceForm(StrEnum):
    """What a run says of a surface: all that it shows from now on, or what changes on it."""

    DOCUMENT = "document"
    PATCH = "patch"


class SurfaceOutput(BaseModel):
    """What a run says of a surface, as the guest wrote it; the view of surfaces judges it.

    ``surface`` is None where the guest named none, or none that can be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    surface: Identifier | None = None
    form: SurfaceForm
    content: BlobRef


class Effects(BaseModel):
    """All effects of a run: at most one write for each place, messages in their order, one surface."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    storage: tuple[StorageWrite, ...] = ()
    messages: tuple[ChannelMessage, ...] = ()
    surface: SurfaceOutput | None = None


def storage_path(prefix: str, key: str) -> str:
    """Return where ``key`` lies that is named through a grant of ``prefix``.

    A grant covers what is below it: ``drafts/one`` through ``notes`` is ``one`` through ``notes/drafts``.
    """
    return "/".join([*filter(None, prefix.split("/")), key])


def message_id(position: int, index: int) -> str:
    """Return the id of a message: the ``index``-th, from 0, of the outcome at ``position``."""
    return f"{position}.{index}"
