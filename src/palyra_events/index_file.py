"""What the reference system's files of bindings have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import to_json

from palyra_events.errors import InvalidInput
from palyra_events.versioned_json import Migrations, parse_versioned

#: milliseconds since 1970; 0 where the time is not known
UnixMs = Annotated[int, Field(ge=0, lt=2**63)]


class InvalidIndex(InvalidInput):
    """The file is not an index of bindings."""

    code = "INVALID_INDEX"
    advice = "Correct the file where the message says; nothing was changed."


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A kind of file: what messages call it, its newest version, and the way up to it."""

    name: str
    version: int
    migrations: Migrations


class Index(BaseModel):
    """The content of such a file; each kind has entries of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    entries: tuple[Any, ...] = ()


IndexT = TypeVar("IndexT", bound=Index)


def parse_index(
    document: bytes | str, file: IndexFile, model: type[IndexT], key: Callable[[Any], str]
) -> IndexT:
    """Return the index in a file of any version, its entries sorted by ``key``.

    Raises:
        InvalidJson, NotAnObject, InvalidSchemaVersion, UnsupportedSchemaVersion: it is no such file.
        InvalidIndex: it has other fields than it should, or one entry twice.
    """
    value = parse_versioned(
        document, name=file.name, current_version=file.version, migrations=file.migrations
    )
    try:
        index = model.model_validate_json(to_json(value))
    except ValidationError as error:
        raise InvalidIndex(f"The {file.name} is not valid: {_first(error)}.") from error
    entries = sorted(index.entries, key=key)
    for before, after in pairwise(entries):
        if key(before) == key(after):
            raise InvalidIndex(f"The {file.name} has {key(after)[:160]!r} twice.")
    return index.model_copy(update={"entries": tuple(entries)})


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step)[:100] for step in first["loc"][:4])
    return f"{place}: {first['msg']}"
