"""The artifacts of installed releases, opened: the bytes lie in the log's blobs."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from palyra_events.blob import BlobRef
from palyra_events.errors import LogDamaged
from palyra_events.skill import ModuleFact
from palyra_events.store import EventLog
from palyra_runtime.skills import Artifact, open_artifact

#: bytes of opened artifacts that are kept in memory; one has 64 MiB at the very most, some kB as a rule
_KEPT_BYTES_MAX = 128 * 1024**2


class Artifacts:
    """Opens artifacts by the digest that the log names, never by a name that a file could take."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._kept: OrderedDict[str, Artifact] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, reference: BlobRef) -> Artifact:
        """Return the artifact that an event names.

        Raises:
            UnknownBlob: its bytes are not kept.
            LogDamaged: its bytes are not those that were installed.
            InvalidInput, NotAllowed: this version of Palyra does not open what an older one installed.
        """
        with self._lock:
            artifact = self._kept.pop(reference.sha256, None)
            if artifact is None:
                artifact = open_artifact(reference.check(self._log.blob(reference.digest)))
            self._kept[reference.sha256] = artifact
            while sum(map(_size, self._kept.values())) > _KEPT_BYTES_MAX and len(self._kept) > 1:
                self._kept.popitem(last=False)
            return artifact

    def forget(self, reference: BlobRef) -> None:
        """Open an artifact no more from memory: its bytes are not kept any more."""
        with self._lock:
            self._kept.pop(reference.sha256, None)

    def content(self, reference: BlobRef) -> bytes:
        """Return bytes that were set for a skill's plugin, held against the digest in the log.

        Raises:
            UnknownBlob: they are not kept.
            LogDamaged: they are not those that were set.
        """
        return reference.check(self._log.blob(reference.digest))

    def module(self, reference: BlobRef, module: ModuleFact) -> bytes:
        """Return a module's bytes, held against the digest in the log.

        Raises:
            UnknownBlob: the artifact's bytes are not kept.
            LogDamaged: artifact or module are not those that were installed.
        """
        content = self.open(reference).modules[module.path]
        if hashlib.sha256(content).hexdigest() != module.sha256:
            raise LogDamaged(f"{module.path} is not the module that was installed.", module=module.path)
        return content


def _size(artifact: Artifact) -> int:
    return sum(len(content) for content in artifact.entries.values())
