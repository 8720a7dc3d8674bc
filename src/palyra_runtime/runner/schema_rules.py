"""The keywords of JSON Schema 2020-12 that say no: each is a function that finds what is wrong.

A schema and the value under it can both be hostile. So every rule pays for what it looks at, no
message holds a value, and the first thing that is wrong ends the search.

Source: JSON Schema 2020-12, core section 10 (applicators) and validation section 6 (assertions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote

#: schemas in schemas that are followed: the deepest value under a recursive schema takes about 130
DEPTH_MAX = 160
#: characters of a property's name that a message shows
_NAME_LENGTH_MAX = 60
#: bytes that a compiled pattern may take
_PATTERN_BYTES_MAX = 1024**2
#: matcher's steps, each a character of the text times an instruction of the pattern, that cost one of ours
_MATCHES_PER_STEP = 256
#: steps that a division of long numbers costs
_FRACTION_STEPS = 10


class Problem(NamedTuple):
    """What is wrong with a value, and where in it: a JSON pointer, empty for all of it."""

    place: str
    text: str

    def below(self, key: str | int) -> Problem:
        """Return the problem as the one who holds the value under ``key`` sees it."""
        step = str(key)[:_NAME_LENGTH_MAX].replace("~", "~0").replace("/", "~1")
        return self._replace(place=f"/{step}{self.place}")


class Check:
    """One value against one schema, with a budget of steps."""

    def __init__(self, root: Any, steps: int) -> None:
        self._root = root
        self._steps = steps
        self._depth = 0
        self._patterns: dict[str, Any] = {}

    @property
    def is_exhausted(self) -> bool:
        """True where the steps were used up: what was found until then says nothing."""
        return self._steps < 0

    def spend(self, steps: int) -> None:
        """Take steps from the budget."""
        self._steps -= steps

    def problem(self, schema: Any, value: Any) -> Problem | None:
        """Return the first thing that is wrong with ``value``, or None."""
        self.spend(1 if isinstance(schema, bool) else 1 + len(schema))
        if self.is_exhausted or self._depth >= DEPTH_MAX:
            self._steps = -1
            return Problem("", "takes too many steps to check")
        if isinstance(schema, bool):
            return None if schema else Problem("", "is not allowed")
        self._depth += 1
        found = None
        for keyword, argument in schema.items():
            rule = RULES.get(keyword)
            found = None if rule is None else rule(self, argument, value, schema)
            if found is not None:
                break
        self._depth -= 1
        return found

    def fits(self, schema: Any, value: Any) -> bool:
        """Return whether nothing is wrong."""
        return self.problem(schema, value) is None

    def referred(self, reference: str) -> Any:
        """Return the schema that a ``$ref`` leads to."""
        return follow(self._root, reference)

    def matches(self, pattern: str, text: str) -> bool:
        """Return whether a pattern is found in ``text``."""
        if pattern not in self._patterns:
            self._patterns[pattern] = compiled(pattern)
        matcher = self._patterns[pattern]
        self.spend(1 + matcher.programsize * len(text) // _MATCHES_PER_STEP)
        return not self.is_exhausted and matcher.search(text) is not None


Rule: TypeAlias = Callable[[Check, Any, Any, Mapping[str, Any]], Problem | None]


def follow(root: Any, reference: str) -> Any:
    """Return the schema at ``#`` or ``#/$defs/NAME``.

    Raises:
        KeyError: there is none.
    """
    schema = root
    for step in unquote(reference).split("/")[1:]:
        schema = schema[step.replace("~1", "/").replace("~0", "~")]
    return schema


def compiled(pattern: str) -> Any:
    """Return a regular expression that is matched in linear time (RE2).

    Raises:
        ValueError: it is none, or needs what only a backtracking matcher has.
    """
    import re2  # type: ignore[import-untyped]  # noqa: PLC0415 - few tools have patterns

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_BYTES_MAX
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(f"the pattern {pattern[:80]!r} is not one of RE2") from error


def is_number(value: Any) -> bool:
    """Return whether a value is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    """Return whether a value is a whole number, however it is written."""
    return is_number(value) and (isinstance(value, int) or value.is_integer())


#: tells values of each type
TYPES: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "array": lambda value: isinstance(value, list),
        "boolean": lambda value: isinstance(value, bool),
        "integer": is_integer,
        "null": lambda value: value is None,
        "number": is_number,
        "object": lambda value: isinstance(value, dict),
        "string": lambda value: isinstance(value, str),
    }
)


def _type(_check: Check, names: str | list[str], value: Any, _schema: Any) -> Problem | None:
    wanted = [names] if isinstance(names, str) else names
    if any(TYPES[name](value) for name in wanted):
        return None
    return Problem("", f"is not of type {' or '.join(wanted)}")


def _enum(check: Check, allowed: list[Any], value: Any, _schema: Any) -> Problem | None:
    if any(_same(check, each, value) for each in allowed):
        return None
    return Problem("", "is none of the values that are allowed")


def _const(check: Check, wanted: Any, value: Any, _schema: Any) -> Problem | None:
    return None if _same(check, wanted, value) else Problem("", "is not the value that is wanted")


def _same(check: Check, one: Any, other: Any) -> bool:
    """Compare as JSON does: ``true`` is not ``1``, and 1 is 1.0."""
    check.spend(1)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(check, a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(check, one[key], other[key]) for key in one)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _bound(noun: str, breaks: Callable[[Any, Any], bool]) -> Rule:
    def rule(_check: Check, limit: Any, value: Any, _schema: Any) -> Problem | None:
        if is_number(value) and breaks(value, limit):
            return Problem("", f"is not {noun} {limit}")
        return None

    return rule


def _multiple_of(check: Check, divisor: Any, value: Any, _schema: Any) -> Problem | None:
    check.spend(_FRACTION_STEPS)
    # By their decimal digits, as people wrote them: 0.3 is a multiple of 0.1.
    if is_number(value) and Fraction(str(value)) % Fraction(str(divisor)):
        return Problem("", f"is not a multiple of {divisor}")
    return None


def _size(kind: type[str | list[Any] | dict[str, Any]], noun: str, *, is_most: bool) -> Rule:
    def rule(_check: Check, limit: Any, value: Any, _schema: Any) -> Problem | None:
        if not isinstance(value, kind) or (len(value) <= limit if is_most else len(value) >= limit):
            return None
        return Problem("", f"has {'more' if is_most else 'fewer'} than {limit} {noun}")

    return rule


def _pattern(check: Check, pattern: str, value: Any, _schema: Any) -> Problem | None:
    if not isinstance(value, str) or check.matches(pattern, value):
        return None
    return Problem("", f"does not match the pattern {pattern[:80]!r}")


def _items(check: Check, schema: Any, value: Any, parent: Mapping[str, Any]) -> Problem | None:
    if not isinstance(value, list):
        return None
    start = len(parent.get("prefixItems", ()))
    return _first(check, ((index, schema, value[index]) for index in range(start, len(value))))


def _prefix_items(check: Check, schemas: list[Any], value: Any, _schema: Any) -> Problem | None:
    if not isinstance(value, list):
        return None
    pairs = enumerate(zip(schemas, value, strict=False))
    return _first(check, ((index, schema, item) for index, (schema, item) in pairs))


def _contains(check: Check, schema: Any, value: Any, parent: Mapping[str, Any]) -> Problem | None:
    if not isinstance(value, list):
        return None
    fitting = sum(check.fits(schema, item) for item in value)
    if fitting < parent.get("minContains", 1):
        return Problem("", "has too few items of the kind that it must contain")
    if fitting > parent.get("maxContains", len(value)):
        return Problem("", "has too many items of a kind")
    return None


def _unique_items(check: Check, wanted: bool, value: Any, _schema: Any) -> Problem | None:  # noqa: FBT001
    if not wanted or not isinstance(value, list):
        return None
    if len({_key(check, item) for item in value}) == len(value):
        return None
    return Problem("", "has an item twice")


def _key(check: Check, value: Any) -> Any:
    """Return something that can be hashed, equal for equal JSON values only.

    Numbers become text: anybody can find numbers of one hash, but not texts.
    """
    check.spend(1)
    if isinstance(value, list):
        return ("array", tuple(_key(check, item) for item in value))
    if isinstance(value, dict):
        return ("object", frozenset((name, _key(check, item)) for name, item in value.items()))
    if is_number(value):
        return ("number", str(int(value) if is_integer(value) else value))
    return (type(value).__name__, value)


def _properties(check: Check, schemas: Mapping[str, Any], value: Any, _schema: Any) -> Problem | None:
    if not isinstance(value, dict):
        return None
    check.spend(len(schemas))
    return _first(check, ((name, schema, value[name]) for name, schema in schemas.items() if name in value))


def _pattern_properties(check: Check, schemas: Mapping[str, Any], value: Any, _schema: Any) -> Problem | None:
    if not isinstance(value, dict):
        return None
    wanted = (
        (name, schema, item)
        for pattern, schema in schemas.items()
        for name, item in value.items()
        if check.matches(pattern, name)
    )
    return _first(check, wanted)


def _additional_properties(
    check: Check, schema: Any, value: Any, parent: Mapping[str, Any]
) -> Problem | None:
    if not isinstance(value, dict):
        return None
    check.spend(len(value))
    named, patterns = parent.get("properties", {}), parent.get("patternProperties", {})
    others = (
        (name, schema, item)
        for name, item in value.items()
        if name not in named and not any(check.matches(pattern, name) for pattern in patterns)
    )
    return _first(check, others)


def _property_names(check: Check, schema: Any, value: Any, _schema: Any) -> Problem | None:
    if isinstance(value, dict) and not all(check.fits(schema, name) for name in value):
        return Problem("", "has a property of a name that is not allowed")
    return None


def _required(check: Check, names: Sequence[str], value: Any, _schema: Any) -> Problem | None:
    if not isinstance(value, dict):
        return None
    check.spend(len(names))
    return _lacking(value, names)


def _dependent_required(
    check: Check, needs: Mapping[str, Sequence[str]], value: Any, _schema: Any
) -> Problem | None:
    if not isinstance(value, dict):
        return None
    check.spend(sum(map(len, needs.values())))
    return _lacking(value, (name for given, names in needs.items() if given in value for name in names))


def _lacking(value: Mapping[str, Any], names: Iterable[str]) -> Problem | None:
    absent = next((name for name in names if name not in value), None)
    return None if absent is None else Problem("", f"lacks the property {absent[:_NAME_LENGTH_MAX]!r}")


def _dependent_schemas(check: Check, schemas: Mapping[str, Any], value: Any, _schema: Any) -> Problem | None:
    if not isinstance(value, dict):
        return None
    check.spend(len(schemas))
    return _all_of(check, [schema for name, schema in schemas.items() if name in value], value, _schema)


# Loops, not generators: each schema in a schema takes two frames of Python's stack, three at most.


def _all_of(check: Check, schemas: Iterable[Any], value: Any, _schema: Any) -> Problem | None:
    for schema in schemas:
        found = check.problem(schema, value)
        if found is not None:
            return found
    return None


def _any_of(check: Check, schemas: Iterable[Any], value: Any, _schema: Any) -> Problem | None:
    for schema in schemas:
        if check.problem(schema, value) is None:
            return None
    return Problem("", "follows none of the forms that are allowed")


def _one_of(check: Check, schemas: Iterable[Any], value: Any, _schema: Any) -> Problem | None:
    fitting = sum(check.fits(schema, value) for schema in schemas)
    return (
        None if fitting == 1 else Problem("", f"follows {fitting} of the forms of which it must follow one")
    )


def _not(check: Check, schema: Any, value: Any, _schema: Any) -> Problem | None:
    return Problem("", "has a form that is not allowed") if check.fits(schema, value) else None


def _if(check: Check, condition: Any, value: Any, parent: Mapping[str, Any]) -> Problem | None:
    branch = parent.get("then" if check.fits(condition, value) else "else", True)
    return check.problem(branch, value)


def _ref(check: Check, reference: str, value: Any, _schema: Any) -> Problem | None:
    return check.problem(check.referred(reference), value)


def _first(check: Check, members: Iterator[tuple[str | int, Any, Any]]) -> Problem | None:
    """Return what is wrong with the first bad member of an object or array."""
    for key, schema, item in members:
        found = check.problem(schema, item)
        if found is not None:
            return found.below(key)
    return None


#: what each keyword does; `tool_schema` says what its argument may be
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "$ref": _ref,
        "type": _type,
        "enum": _enum,
        "const": _const,
        "minimum": _bound("at least", lambda value, limit: value < limit),
        "maximum": _bound("at most", lambda value, limit: value > limit),
        "exclusiveMinimum": _bound("more than", lambda value, limit: value <= limit),
        "exclusiveMaximum": _bound("less than", lambda value, limit: value >= limit),
        "multipleOf": _multiple_of,
        "minLength": _size(str, "characters", is_most=False),
        "maxLength": _size(str, "characters", is_most=True),
        "pattern": _pattern,
        "minItems": _size(list, "items", is_most=False),
        "maxItems": _size(list, "items", is_most=True),
        "uniqueItems": _unique_items,
        "prefixItems": _prefix_items,
        "items": _items,
        "contains": _contains,
        "minProperties": _size(dict, "properties", is_most=False),
        "maxProperties": _size(dict, "properties", is_most=True),
        "required": _required,
        "dependentRequired": _dependent_required,
        "properties": _properties,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "propertyNames": _property_names,
        "dependentSchemas": _dependent_schemas,
        "allOf": _all_of,
        "anyOf": _any_of,
        "oneOf": _one_of,
        "not": _not,
        "if": _if,
    }
)
