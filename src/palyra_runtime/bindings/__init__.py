"""Bindings of hooks and plugins in files, in the formats of the reference system."""

from palyra_runtime.bindings.application import FiledApplication
from palyra_runtime.bindings.files import BindingFileNotWritten, BindingFiles
from palyra_runtime.bindings.index import hook_document, plugin_document

__all__ = [
    "BindingFileNotWritten",
    "BindingFiles",
    "FiledApplication",
    "hook_document",
    "plugin_document",
]
