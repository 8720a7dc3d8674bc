"""The files ``hooks/bindings.json`` and ``plugins/bindings.json`` in a home, for programs that read them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from palyra_events.errors import Unavailable
from palyra_runtime.bindings.index import hook_document, plugin_document
from palyra_runtime.bindings.kept_file import KeptFile
from projections import BindingKind, Views


class BindingFileNotWritten(Unavailable):
    """The bindings were recorded, but the file of them could not be written."""

    code = "BINDING_FILE_NOT_WRITTEN"
    advice = (
        "Nothing has to be repeated: mend the folder, and the next change, or a gateway, writes the file. "
        "Where nobody reads it, set binding_files = false in palyra.toml."
    )


class BindingFiles:
    """Keeps both files as the log has it. Safe to share between threads, and between processes."""

    def __init__(self, home: Path, views: Views) -> None:
        self._views = views
        self._paths = {
            BindingKind.HOOK: home / "hooks" / "bindings.json",
            BindingKind.PLUGIN: home / "plugins" / "bindings.json",
        }
        self._documents: Mapping[BindingKind, Callable[[], str]] = {
            BindingKind.HOOK: lambda: hook_document(*views.hook_bindings()),
            BindingKind.PLUGIN: lambda: plugin_document(*views.plugin_bindings()),
        }
        #: the last changes that the files are known to show
        self._shown: dict[BindingKind, int] = {}

    @classmethod
    def open(cls, home: Path | None, views: Views) -> Self | None:
        """Return the files in a home, None where there is none that can be written."""
        return cls(home, views) if home is not None and os.access(home, os.W_OK) else None

    def write(self, kind: BindingKind) -> None:
        """Let a file show what is bound now.

        Raises:
            BindingFileNotWritten: it cannot be written; it shows what was bound before.
            PalyraError: the views cannot be read.
        """
        try:
            KeptFile(self._paths[kind]).keep(lambda: self._documents[kind]().encode())
        except OSError as error:
            raise BindingFileNotWritten(
                f"The bindings are recorded, but {self._paths[kind]} cannot be written: {error.strerror}.",
                path=str(self._paths[kind]),
            ) from error

    def follow(self) -> None:
        """Write the files of what was changed since, by whomever; where nothing was, that is one question.

        Raises:
            BindingFileNotWritten, PalyraError: as of `write`.
        """
        for kind, change in self._views.last_binding_changes().items():
            if self._shown.get(kind) != change.position:
                self.write(kind)
                self._shown[kind] = change.position
