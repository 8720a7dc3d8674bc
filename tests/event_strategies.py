"""Hypothesis strategies for events of any type, made from the models themselves.

A new event type is covered as soon as it is registered; a field of a kind that is not known here is
an error that says so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, Lt, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel

#: items of a list, and characters of a text without a pattern: more finds nothing new
SIZE_MAX = 3

_INTEGERS_MAX = 2**63 - 1


def events(model: type[BaseModel]) -> st.SearchStrategy[BaseModel]:
    """Return a strategy for instances of ``model`` with any allowed values in all fields."""
    fields = {
        name: _values(field.annotation, list(field.metadata)) for name, field in model.model_fields.items()
    }
    return st.fixed_dictionaries(fields).map(model.model_validate)


def _values(annotation: Any, metadata: list[Any]) -> st.SearchStrategy[Any]:
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _values(inner, [*more, *metadata])
    if get_origin(annotation) in _COMPOSED:
        return _COMPOSED[get_origin(annotation)](get_args(annotation))
    if annotation in _PLAIN:
        return _PLAIN[annotation](_Bounds(metadata))
    return st.sampled_from(annotation) if issubclass(annotation, Enum) else events(annotation)


def _unions(arguments: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.one_of(_values(argument, []) for argument in arguments)


def _tuples(arguments: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.lists(_values(arguments[0], []), max_size=SIZE_MAX).map(tuple)


def _dicts(arguments: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    keys, values = (_values(argument, []) for argument in arguments)
    return st.dictionaries(keys, values, max_size=SIZE_MAX)


_COMPOSED = {Union: _unions, UnionType: _unions, Literal: st.sampled_from, tuple: _tuples, dict: _dicts}


class _Bounds:
    """The limits that a field's metadata sets, from pydantic or from annotated-types."""

    def __init__(self, metadata: list[Any]) -> None:
        parts = [part for item in metadata for part in (list(item) if hasattr(item, "__iter__") else [item])]
        self.minimum = next((part.ge for part in parts if isinstance(part, Ge)), -_INTEGERS_MAX)
        largest = [part.le for part in parts if isinstance(part, Le)]
        largest += [part.lt - 1 for part in parts if isinstance(part, Lt)]
        self.maximum = min([*largest, _INTEGERS_MAX])
        self.length_min = next((part.min_length for part in parts if isinstance(part, MinLen)), 0)
        self.length_max = next((part.max_length for part in parts if isinstance(part, MaxLen)), SIZE_MAX)
        patterns = (getattr(part, "pattern", None) for part in parts)
        self.pattern = next((pattern for pattern in patterns if pattern), None)


def _texts(bounds: _Bounds) -> st.SearchStrategy[str]:
    if bounds.pattern:
        return st.from_regex(bounds.pattern.removesuffix("$") + r"\Z", alphabet=st.characters(codec="utf-8"))
    return st.text(
        min_size=bounds.length_min, max_size=max(bounds.length_min, min(bounds.length_max, SIZE_MAX))
    )


def _integers(bounds: _Bounds) -> st.SearchStrategy[int]:
    return st.integers(bounds.minimum, bounds.maximum)


def _moments(_: _Bounds) -> st.SearchStrategy[datetime]:
    return st.datetimes(timezones=st.just(UTC))


_PLAIN = {
    str: _texts,
    int: _integers,
    bool: lambda _: st.booleans(),
    NoneType: lambda _: st.none(),
    AwareDatetime: _moments,
    datetime: _moments,
}
