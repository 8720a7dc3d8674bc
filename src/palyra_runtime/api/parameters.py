"""What an operation is told, read off the signature of the method behind it."""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from types import NoneType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
)

from palyra_events.store.log import POSITION_MAX
from palyra_runtime import clock
from palyra_runtime.api.operation import Operation
from palyra_runtime.facade.gateway import RUNS_MAX
from palyra_runtime.job_count import JOBS_MAX
from palyra_runtime.point import parse_point
from projections import Subject

_PLACE = re.compile(r"([0-9]{1,18})\.([0-9]{1,4})")


def _point(value: object) -> object:
    """Read a point of the log."""
    point = parse_point(value, clock.now()) if isinstance(value, str) else value
    if point is None and value is not None:
        raise ValueError("that is neither a position, nor a time, nor an age such as 90m")
    return point


def _subject(value: object) -> object:
    """Read ``kind:id``; as it is a tuple, the framework gives a list of what the query says."""
    text = value[0] if isinstance(value, list) and len(value) == 1 else value
    kind, colon, name = text.partition(":") if isinstance(text, str) else ("", "", "")
    return Subject(kind, name) if colon else value


def _place(text: str) -> tuple[int, int]:
    """Read ``position.place``, the id of a message, both within what databases count to."""
    if (found := _PLACE.fullmatch(text)) is None:
        raise ValueError("that is the id of no message, such as 57.0")
    return int(found[1]), int(found[2])


def _few(members: object) -> object:
    """Refuse an object of many members before each of them is looked at."""
    if isinstance(members, Mapping) and len(members) > _MEMBERS_MAX:
        raise ValueError(f"that has more than {_MEMBERS_MAX} members")
    return members


_PointText = Annotated[
    int | datetime,
    BeforeValidator(_point),
    WithJsonSchema(
        {"type": "string", "description": "A position, a time such as 2026-03-01T12:00Z, or an age: 90m."}
    ),
]
_SubjectText = Annotated[
    Subject, BeforeValidator(_subject), WithJsonSchema({"type": "string", "description": "kind:id"})
]
_PlaceText = Annotated[str, AfterValidator(_place), Field(description="The id of a message, such as 57.0.")]

#: the parameter by which a job tells how far it is
PROGRESS = "progress"
#: the parameter that is the body as it is
UPLOAD = "artifact"
#: what numbers are bounded by: the rows of one page, runs that are shown, parts into which work is split
_BOUNDED: Mapping[str, Any] = {
    "limit": Annotated[int, Field(ge=1, le=10_000)],
    "runs": Annotated[int, Field(ge=0, le=RUNS_MAX)],
    "jobs": Annotated[int, Field(ge=1, le=JOBS_MAX)],
}
#: all other whole numbers are what both databases count to
_Counted = Annotated[int, Field(ge=-POSITION_MAX, le=POSITION_MAX)]
#: members of an object whose members are of a type
_MEMBERS_MAX = 1_000
#: what a request has as a list
_LISTS = frozenset({Iterable, Collection, Sequence})
#: types that are written in words in a request
_WRITTEN: Mapping[object, Any] = {
    frozenset({int, datetime}): _PointText,
    frozenset({Subject}): _SubjectText,
    frozenset({int}): _Counted,
    frozenset({bytes, str}): str,
}


def _fields(kind: type) -> dict[str, Any]:
    """Return the fields of a filter as those of a model."""
    hints = get_type_hints(kind)
    return {each.name: (written(hints[each.name]), each.default) for each in dataclasses.fields(kind)}


@dataclasses.dataclass(frozen=True)
class Parameters:
    """The parameters of one operation; those of a filter are told one by one."""

    operation: Operation

    @cached_property
    def _all(self) -> Mapping[str, inspect.Parameter]:
        """Return the parameters of the call without its noun, with their types as requests have them."""
        call, hints = self.operation.call, get_type_hints(self.operation.call, include_extras=True)
        _, *others = inspect.signature(call).parameters.values()
        return {
            each.name: each.replace(annotation=hints[each.name])
            for each in others
            if each.name not in {*self.operation.leaves_out, PROGRESS}
        }

    @cached_property
    def has_upload(self) -> bool:
        """Whether the body of a request is an artifact, and not JSON."""
        return UPLOAD in self._all

    @cached_property
    def in_path(self) -> Mapping[str, Any]:
        """Return the parameters that the path names, with their types."""
        return {
            name: written(each.annotation)
            for name, each in self._all.items()
            if f"{{{name}" in self.operation.path
        }

    @cached_property
    def filters(self) -> Mapping[str, Any]:
        """Return the parameters that are filters: each of their fields is a parameter of the request."""
        return {
            name: each.annotation
            for name, each in self._all.items()
            if dataclasses.is_dataclass(each.annotation)
        }

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the names of all that a request can tell."""
        return frozenset({*self.in_path, *(self.model.model_fields if self.model else ()), UPLOAD})

    @cached_property
    def model(self) -> type[BaseModel] | None:
        """Return the model of all that is not in the path; None where there is nothing else."""
        wanted: dict[str, Any] = {}
        for name, each in self._all.items():
            if name in self.filters:
                wanted |= _fields(each.annotation)
            elif name not in self.in_path and name != UPLOAD:
                default = ... if each.default is inspect.Parameter.empty else each.default
                wanted[name] = (_BOUNDED.get(name) or written(each.annotation), default)
        if not wanted:
            return None
        title = "".join(part.title().replace("_", "") for part in self.operation.name.split("."))
        return create_model(f"{title}Parameters", __config__=ConfigDict(extra="forbid"), **wanted)

    def arguments(self, in_path: Mapping[str, Any], others: BaseModel | None) -> dict[str, Any]:
        """Return what the call takes."""
        given = {} if others is None else {name: getattr(others, name) for name in type(others).model_fields}
        for name, kind in self.filters.items():
            given[name] = kind(**{field.name: given.pop(field.name) for field in dataclasses.fields(kind)})
        return {**in_path, **given}


def written(hint: Any) -> Any:
    """Return a type as requests have it: points, subjects and messages in words, collections as lists.

    A list is read up to the first member that is wrong: to tell of 100,000 would take seconds.
    """
    members = [each for each in get_args(hint) if each is not NoneType]
    if NoneType in get_args(hint):
        return written(Union[tuple(members)]) | None  # noqa: UP007 - its members are known at run time only
    if hint == tuple[int, int]:
        return _PlaceText
    if get_origin(hint) in {*_LISTS, frozenset, Mapping}:
        return _collected(hint, members)
    if (text := _WRITTEN.get(frozenset(members or [hint]))) is not None:
        return text
    if int in members:
        return Union[tuple(map(written, members))]  # noqa: UP007 - as above
    return hint


def _collected(hint: Any, members: Sequence[Any]) -> Any:
    """Return the type of a collection as requests have it; it is made when the program runs."""
    if get_origin(hint) is frozenset:
        return Annotated[hint, Field(fail_fast=True)]
    if get_origin(hint) is not Mapping:
        return Annotated[types.GenericAlias(tuple, (written(members[0]), ...)), Field(fail_fast=True)]
    kind = types.GenericAlias(Mapping, (members[0], written(members[1])))
    return kind if members[1] is Any else Annotated[kind, BeforeValidator(_few)]
