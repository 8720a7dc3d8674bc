"""Commands that do not return before the files of bindings show what they did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from palyra_events.application import Application, Commit, Loaded
from palyra_events.blob import Blob
from palyra_events.event import Event
from palyra_events.record import Log
from palyra_runtime.bindings.files import BindingFiles
from projections import BINDING_EVENTS


class FiledApplication(Application):
    """All commands over one log, with files beside it; None where none are kept."""

    def __init__(
        self,
        log: Log,
        *,
        now: Callable[[], datetime],
        entropy: Callable[[int], bytes],
        files: BindingFiles | None,
    ) -> None:
        super().__init__(log, now=now, entropy=entropy)
        self._files = files

    def commit(
        self,
        changes: Sequence[tuple[Loaded[Any], Sequence[Event]]],
        blobs: Sequence[Blob],
        tracking: tuple[str, int] | None = None,
        *,
        drops: Sequence[bytes] = (),
    ) -> Commit:
        """Append events, and write the files of what they change.

        Raises:
            BindingFileNotWritten: the events are in the log, but a file does not show them.
            PalyraError: as of `Application`.
        """
        commit = super().commit(changes, blobs, tracking, drops=drops)
        if self._files is not None:
            kinds = {BINDING_EVENTS[type(event)] for event in commit.events if type(event) in BINDING_EVENTS}
            for kind in kinds:
                self._files.write(kind)
        return commit
