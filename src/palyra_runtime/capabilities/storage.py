"""The operations ``storage.*``: values that a plugin finds again in its next run.

A plugin sees what its last outcome left and, on top of that, what this attempt has written. Nothing
is written while the guest runs: the writes go into the outcome, and there they happen.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Protocol

from pydantic import Field

from palyra_events.blob import BlobRef
from palyra_events.effect import KEY_BYTES_MAX, PATH_BYTES_MAX, storage_path
from palyra_events.errors import UnknownBlob
from palyra_runtime.capabilities.effects import EffectCollector, json_text
from palyra_runtime.capabilities.refusal import Refused
from palyra_runtime.capabilities.request import Asked, understood
from palyra_runtime.sandbox.grants import Grant
from palyra_runtime.sandbox.session import HostCall
from projections import StorageUse, StoredValue

#: bytes of JSON text that one attempt may write, also over each other
ATTEMPT_BYTES_MAX = 1024**2
#: bytes of JSON text that a plugin may keep
PLUGIN_BYTES_MAX = 16 * 1024**2
#: values that a plugin may keep
PLUGIN_KEYS_MAX = 10_000

#: keys in one answer of ``storage.list``
LIST_LIMIT_DEFAULT = 100
LIST_LIMIT_MAX = 1_000


class _Place(Asked):
    key: str


class _Put(Asked):
    key: str
    value: Any


class _List(Asked):
    prefix: str = ""
    after: str = ""
    limit: Annotated[int, Field(ge=1, le=LIST_LIMIT_MAX)] = LIST_LIMIT_DEFAULT


class StoredValues(Protocol):
    """What plugins keep: the views of a gateway, or what a rehearsal says is there."""

    @property
    def as_is(self) -> StoredValues:
        """The same, without looking for what may have been added since."""
        ...

    def storage_use(self, plugin_id: str) -> StorageUse:
        """Return how much a plugin keeps."""
        ...

    def stored_value(self, plugin_id: str, path: str) -> StoredValue | None:
        """Return the value at a path, or None where there is none."""
        ...

    def stored_values(
        self, plugin_id: str, *, beginning: str, after: str, limit: int
    ) -> Sequence[StoredValue]:
        """Return values by path: those whose paths begin so and come after another."""
        ...


class StorageService:
    """The storage of one plugin in one attempt.

    The view is read as it is from now on: it has to have the plugin's last outcome before the
    attempt begins, and as a plugin with storage makes one attempt at a time, no other comes.
    """

    def __init__(
        self, plugin_id: str, views: StoredValues, blob: Callable[[BlobRef], bytes], effects: EffectCollector
    ) -> None:
        """Bring the view to the head of the log, and see how much the plugin keeps.

        Raises:
            ProjectionFailed: the view cannot take in an event.
        """
        use = views.storage_use(plugin_id)
        self._plugin_id = plugin_id
        self._views = views.as_is
        self._blob = blob
        self._effects = effects
        self._keys = use.keys
        self._size = use.size
        self._written = 0

    def get(self, _call: HostCall, grant: Grant, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return ``{"value": …}``, or None where nothing is kept under the key.

        Raises:
            Refused: ``bad_request``; ``erased``: somebody had its bytes removed.
        """
        reference = self._find(_path(grant, understood(_Place, request).key))
        return None if reference is None else {"value": json.loads(self._read(reference))}

    def put(self, _call: HostCall, grant: Grant, request: Mapping[str, Any]) -> bool:
        """Keep a value under a key, in place of the one that may be there.

        Raises:
            Refused: ``bad_request``, ``too_large``, ``limit``; ``quota``: the plugin keeps too much.
        """
        asked = understood(_Put, request)
        document = json_text(asked.value)
        if self._written + len(document) > ATTEMPT_BYTES_MAX:
            raise Refused("limit", f"One invocation writes at most {ATTEMPT_BYTES_MAX} bytes.")
        self._write(grant, asked.key, document)
        self._written += len(document)
        return True

    def delete(self, _call: HostCall, grant: Grant, request: Mapping[str, Any]) -> bool:
        """Let go of the value under a key, and return whether there was one.

        Raises:
            Refused: ``bad_request``, ``limit``.
        """
        key = understood(_Place, request).key
        was_there = self._find(_path(grant, key)) is not None
        if was_there:
            self._write(grant, key, None)
        return was_there

    def list(self, _call: HostCall, grant: Grant, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return keys in the order of their bytes, and where to go on if there are more.

        Raises:
            Refused: ``bad_request``.
        """
        asked = understood(_List, request)
        root = storage_path(grant.value, "")
        for text in (asked.prefix, asked.after):
            _check_text(root + text)
        paths = self._paths(root + asked.prefix, root + asked.after, asked.limit + 1)
        keys = [path.removeprefix(root) for path in paths[: asked.limit]]
        return {"keys": keys, "next": keys[-1] if len(paths) > asked.limit else None}

    def _find(self, path: str) -> BlobRef | None:
        if path in self._effects.writes:
            return self._effects.writes[path].value
        stored = self._views.stored_value(self._plugin_id, path)
        return None if stored is None else stored.blob

    def _read(self, reference: BlobRef) -> bytes:
        try:
            return self._effects.content(reference) or self._blob(reference)
        except UnknownBlob as error:
            raise Refused("erased", "The bytes of this value were erased.") from error

    def _write(self, grant: Grant, key: str, document: bytes | None) -> None:
        """Collect a write, if the plugin does not keep too much after it."""
        replaced = self._find(_path(grant, key))
        keys = self._keys + (document is not None) - (replaced is not None)
        size = self._size + len(document or b"") - (replaced.size if replaced else 0)
        if document is not None and (keys > PLUGIN_KEYS_MAX or size > PLUGIN_BYTES_MAX):
            raise Refused(
                "quota",
                f"A plugin keeps at most {PLUGIN_KEYS_MAX} values of {PLUGIN_BYTES_MAX} bytes together.",
            )
        self._effects.write(grant.value, key, document)
        self._keys, self._size = keys, size

    def _paths(self, beginning: str, after: str, limit: int) -> Sequence[str]:
        """Return the first paths that begin so and come after another, own writes among them."""
        own = self._effects.writes
        # As many more as this attempt may have deleted: then enough are left.
        kept = self._views.stored_values(
            self._plugin_id, beginning=beginning, after=after, limit=limit + len(own)
        )
        found = {value.path for value in kept}
        for path, write in own.items():
            if write.value is None:
                found.discard(path)
            elif path.startswith(beginning) and path > after:
                found.add(path)
        return sorted(found)[:limit]


def _path(grant: Grant, key: str) -> str:
    """Return where a key lies.

    Raises:
        Refused: ``bad_request``: it is no key.
    """
    path = storage_path(grant.value, key)
    _check_text(path)
    if len(key.encode()) > KEY_BYTES_MAX:
        raise Refused("bad_request", f"A key has 1 to {KEY_BYTES_MAX} bytes.")
    if ".." in key or not all(key.split("/")):
        raise Refused("bad_request", "A key has no '..', and no slash at an end or beside another one.")
    return path


def _check_text(path: str) -> None:
    """Check a path, or the beginning of one.

    Raises:
        Refused: ``bad_request``: no value can lie there.
    """
    if len(path.encode()) > PATH_BYTES_MAX:
        raise Refused("bad_request", f"A key and its prefix have at most {PATH_BYTES_MAX} bytes together.")
    if any(unicodedata.category(character) == "Cc" for character in path):
        raise Refused("bad_request", "A key has no control characters.")
