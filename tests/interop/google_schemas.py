"""The JSON Schemas of A2UI v0.9 as Google publishes them, in the npm package of its renderers' core."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_BASE = "https://a2ui.org/specification/v0_9/"
_CATALOG = "catalogs/basic/catalog.json"


class GoogleSchemas:
    """What may be sent to a client in the basic catalog, and what a client may send back."""

    def __init__(self, packages: Path) -> None:
        self._folder = packages / "@a2ui/web_core/src/v0_9/schemas"
        self._registry: Registry[Any] = Registry().with_resources(self._resources())

    @property
    def examples(self) -> Sequence[list[dict[str, Any]]]:
        """The pages that are published as examples, as the messages that show them."""
        files = sorted((self._folder / "catalogs/basic/examples").glob("*.json"))
        return [json.loads(each.read_text(encoding="utf-8"))["messages"] for each in files]

    def problems(self, messages: object, schema: str = "server_to_client_list.json") -> list[str]:
        """Return what is wrong with messages by one of the schemas: that of lists for a client."""
        validator = Draft202012Validator({"$ref": _BASE + schema}, registry=self._registry)
        return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(messages)]

    def _resources(self) -> list[tuple[str, Resource[Any]]]:
        named = {path.name: path for path in self._folder.glob("*.json")}
        # The schemas name a catalog, and each client puts its own in that place.
        named |= {"catalog.json": self._folder / _CATALOG, _CATALOG: self._folder / _CATALOG}
        read = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in named.items()}
        return [
            (_BASE + name, DRAFT202012.create_resource({**schema, "$id": _BASE + name}))
            for name, schema in read.items()
        ]
