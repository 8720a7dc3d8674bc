"""The JSON Schemas of a tool, for what it is asked and for what it answers.

The dialect is JSON Schema 2020-12. A schema is a stranger's, so it may use what can be bounded:
references lead to ``#/$defs/NAME``, patterns are those of RE2, and a check has a budget of steps.
Nothing is ever fetched. ``format`` is a remark, as the standard has it, and so is a keyword that the
standard does not know; one that it knows and that is not checked here is refused, because a
constraint that nobody looks at is worse than none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from palyra_events.errors import InvalidInput
from palyra_runtime.runner.schema_rules import (
    DEPTH_MAX,
    TYPES,
    Check,
    compiled,
    follow,
    is_integer,
    is_number,
)
from palyra_runtime.sandbox.text import plain_text

DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: bytes of a schema as JSON
SCHEMA_BYTES_MAX = 64 * 1024
#: steps of one check: schemas and keywords applied, and what they look at; about half a second
STEPS_MAX = 500_000

_REFERENCE = re.compile(r"#(?:/(?:\$defs|definitions)/[^/]+)?")

#: how the arguments of the keywords that hold schemas hold them
_ONE = ("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then")
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties")

#: keywords of the standard, and of older ones, that are not checked here
_REFUSED = frozenset(
    {
        "$anchor",
        "$dynamicAnchor",
        "$dynamicRef",
        "$recursiveAnchor",
        "$recursiveRef",
        "$vocabulary",
        "additionalItems",
        "dependencies",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)


class UnsupportedToolSchema(InvalidInput):
    """The schema of a tool is not valid, or uses what this host does not check."""

    code = "UNSUPPORTED_TOOL_SCHEMA"
    advice = "The skill's author can mend it; docs/tool-runs.md says what a schema may use."


class ToolSchema:
    """One schema of a tool.

    ToolSchema({"type": "object", "required": ["name"]}).problem({})  # "it lacks the property 'name'"
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Take a schema, which is JSON, as a manifest has it.

        Raises:
            UnsupportedToolSchema: it is not valid, or uses what is not checked; the message names it.
        """
        if len(json.dumps(schema)) > SCHEMA_BYTES_MAX:
            raise UnsupportedToolSchema(f"The schema has more than {SCHEMA_BYTES_MAX:,} bytes.")
        problem = next(_schema_problems(schema, schema, 0), None)
        if problem:
            raise UnsupportedToolSchema(f"The schema is not one that is checked here: {problem}.")
        self._schema = schema

    def problem(self, value: Any, *, steps_max: int = STEPS_MAX) -> str | None:
        """Return what is wrong with a JSON value in one clause that holds none of it, or None."""
        check = Check(self._schema, steps_max)
        found = check.problem(self._schema, value)
        if check.is_exhausted:
            return f"it takes more than {steps_max:,} steps to check"
        # The names in it are a stranger's.
        return None if found is None else plain_text(f"{found.place or 'it'} {found.text}")


def schema_problem(schema: Mapping[str, Any]) -> str | None:
    """Return why values cannot be held against a schema here, or None."""
    try:
        ToolSchema(schema)
    except UnsupportedToolSchema as error:
        return error.message
    return None


def _schema_problems(schema: Any, root: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Yield what a schema and all schemas in it have that they may not have."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield "a schema is an object, true or false"
        return
    if depth > DEPTH_MAX:
        yield f"it is nested deeper than {DEPTH_MAX} levels"
        return
    for keyword, argument in schema.items():
        if keyword in _REFUSED or (keyword == "$id" and depth):
            yield f"{keyword} is not supported"
        elif (problem := _argument_problem(keyword, argument, root)) is not None:
            yield problem
        else:
            for inner in _inner(keyword, argument):
                yield from _schema_problems(inner, root, depth + 1)


def _inner(keyword: str, argument: Any) -> list[Any]:
    if keyword in _ONE:
        return [argument]
    if keyword in _LIST:
        return list(argument)
    return list(argument.values()) if keyword in _NAMED else []


def _argument_problem(keyword: str, argument: Any, root: Mapping[str, Any]) -> str | None:
    if keyword == "$ref":
        return _reference_problem(argument, root)
    is_valid = _ARGUMENTS.get(keyword)
    if is_valid is None or is_valid(argument):
        return None
    return f"the argument of {keyword} is not valid"


def _reference_problem(reference: Any, root: Mapping[str, Any]) -> str | None:
    if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
        return "a $ref leads to # or #/$defs/NAME and nowhere else"
    try:
        follow(root, reference)
    except (LookupError, TypeError):
        return f"nothing is at {reference[:80]!r}"
    return None


def _is_count(value: Any) -> bool:
    return is_integer(value) and value >= 0


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_type(value: Any) -> bool:
    names = [value] if isinstance(value, str) else value
    return bool(names) and _is_texts(names) and TYPES.keys() >= set(names) and len(set(names)) == len(names)


def _is_pattern(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        compiled(value)
    except ValueError:
        return False
    return True


def _is_named_schemas(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list_of_schemas(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _is_dependencies(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_texts, value.values()))


def _all(names: str, is_valid: Callable[[Any], bool]) -> dict[str, Callable[[Any], bool]]:
    return dict.fromkeys(names.split(), is_valid)


#: what the argument of each keyword must be; those that hold one schema are looked at as schemas
_ARGUMENTS: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "$schema": lambda value: value == DIALECT,
        "type": _is_type,
        "enum": lambda value: isinstance(value, list),
        "pattern": _is_pattern,
        "required": _is_texts,
        "uniqueItems": lambda value: isinstance(value, bool),
        "multipleOf": lambda value: is_number(value) and value > 0,
        "dependentRequired": _is_dependencies,
        **_all("minimum maximum exclusiveMinimum exclusiveMaximum", is_number),
        **_all("minLength maxLength minItems maxItems minContains maxContains", _is_count),
        **_all("minProperties maxProperties", _is_count),
        **dict.fromkeys(_LIST, _is_list_of_schemas),
        **dict.fromkeys(_NAMED, _is_named_schemas),
        "patternProperties": lambda value: isinstance(value, dict) and all(map(_is_pattern, value)),
    }
)
