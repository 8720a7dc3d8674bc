from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palyra_runtime.runner.tool_schema import SCHEMA_BYTES_MAX, ToolSchema, UnsupportedToolSchema

#: a schema, values that follow it, and values that do not
KEYWORDS: dict[str, tuple[dict[str, Any], list[Any], list[Any]]] = {
    "type": ({"type": "integer"}, [1, -3, 2.0], [1.5, True, "1", None]),
    "types": ({"type": ["string", "null"]}, ["", None], [0, []]),
    "enum": ({"enum": [1, "a", [True]]}, [1, 1.0, "a", [True]], [True, "b", [1], None]),
    "const": ({"const": {"a": [0]}}, [{"a": [0]}, {"a": [0.0]}], [{"a": [False]}, {}, {"a": [0], "b": 1}]),
    "minimum": ({"minimum": 2}, [2, 2.5, "1"], [1, 1.9]),
    "maximum": ({"maximum": 2}, [2, True, []], [3, 2.1]),
    "exclusiveMinimum": ({"exclusiveMinimum": 2}, [3], [2, 2.0]),
    "exclusiveMaximum": ({"exclusiveMaximum": 2}, [1], [2, 10**300]),
    "multipleOf": ({"multipleOf": 0.1}, [0.3, 1, 1e300, "x"], [0.35, 0.01]),
    "minLength": ({"minLength": 2}, ["ab", "🦉🦉", 1], ["a", "🦉"]),
    "maxLength": ({"maxLength": 2.0}, ["ab", "🦉🦉"], ["abc"]),
    "pattern": ({"pattern": "^a+$"}, ["aaa", 5], ["", "ab", "a\n"]),
    "minItems": ({"minItems": 1}, [[0], {}], [[]]),
    "maxItems": ({"maxItems": 1}, [[0], "ab"], [[0, 0]]),
    "uniqueItems": (
        {"uniqueItems": True},
        [[1, True, "1"], [{"a": 1}, {"a": True}], [[], {}], [0, False, None], []],
        [[1, 1.0], [{"a": 1, "b": 2}, {"b": 2, "a": 1}], [[1], [1]], [None, None]],
    ),
    "prefixItems": ({"prefixItems": [{"type": "string"}]}, [["a", 1], []], [[1]]),
    "items": ({"prefixItems": [True], "items": {"type": "string"}}, [[1, "a"], [1]], [["a", 1]]),
    "contains": ({"contains": {"const": 1}, "maxContains": 2}, [[1], [0, 1, 1]], [[], [1, 1, 1]]),
    "minContains": ({"contains": {"const": 1}, "minContains": 0}, [[], [1]], []),
    "minProperties": ({"minProperties": 1}, [{"a": 1}, []], [{}]),
    "maxProperties": ({"maxProperties": 1}, [{"a": 1}], [{"a": 1, "b": 2}]),
    "required": ({"required": ["a"]}, [{"a": None}, []], [{}, {"b": 1}]),
    "dependentRequired": ({"dependentRequired": {"a": ["b"]}}, [{}, {"a": 1, "b": 2}], [{"a": 1}]),
    "properties": ({"properties": {"a": {"type": "string"}}}, [{}, {"a": ""}, {"b": 1}], [{"a": 1}]),
    "patternProperties": ({"patternProperties": {"^x": False}}, [{"ax": 1}], [{"xa": 1}]),
    "additionalProperties": (
        {"properties": {"a": True}, "patternProperties": {"^x": True}, "additionalProperties": False},
        [{"a": 1, "xy": 2}],
        [{"b": 1}],
    ),
    "additional schemas": ({"additionalProperties": {"type": "null"}}, [{"b": None}], [{"b": 1}]),
    "propertyNames": ({"propertyNames": {"maxLength": 1}}, [{"a": 1}], [{"ab": 1}]),
    "dependentSchemas": ({"dependentSchemas": {"a": {"required": ["b"]}}}, [{"c": 1}], [{"a": 1}]),
    "allOf": ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 2], [0, 3]),
    "anyOf": ({"anyOf": [{"type": "string"}, {"minimum": 2}]}, ["a", 2], [1]),
    "oneOf": ({"oneOf": [{"minimum": 1}, {"maximum": 2}]}, [0, 3], [1, 2]),
    "not": ({"not": {"type": "string"}}, [1], ["a"]),
    "if": ({"if": {"minimum": 5}, "then": {"multipleOf": 2}, "else": {"const": 1}}, [6, 1], [5, 2]),
    "if alone": ({"if": {"minimum": 5}}, [6, 1], []),
    "$ref": (
        {"$defs": {"a/b": {"type": "string"}}, "items": {"$ref": "#/$defs/a~1b"}},
        [["x"]],
        [[1]],
    ),
    "recursion": (
        {"type": "array", "items": {"$ref": "#"}},
        [[], [[], [[]]]],
        [[[1]]],
    ),
    "boolean schema": ({"properties": {"a": False}}, [{}], [{"a": None}]),
    "remarks": ({"format": "email", "title": "T", "x-mine": {"pattern": "("}, "default": 1}, ["no", 3], []),
}

REFUSED: dict[str, dict[str, Any]] = {
    "remote reference": {"$ref": "https://example.com/schema"},
    "file reference": {"$ref": "file:///etc/passwd"},
    "reference into a default": {"default": {"pattern": "("}, "$ref": "#/default"},
    "reference to nothing": {"$ref": "#/$defs/none"},
    "reference by anchor": {"$ref": "#here"},
    "unevaluated properties": {"unevaluatedProperties": False},
    "unevaluated items": {"items": {"unevaluatedItems": False}},
    "dynamic reference": {"$dynamicRef": "#"},
    "identifier inside": {"properties": {"a": {"$id": "https://example.com/"}}},
    "other dialect": {"$schema": "http://json-schema.org/draft-07/schema#"},
    "older keyword": {"dependencies": {"a": ["b"]}},
    "look-around": {"pattern": "(?=a)"},
    "back-reference": {"pattern": r"(a)\1"},
    "broken pattern": {"patternProperties": {"(": True}},
    "huge pattern": {"pattern": "(((a{100}){100}){100}){100}"},
    "unknown type": {"type": "text"},
    "no types": {"type": []},
    "a type twice": {"type": ["string", "string"]},
    "items as a list": {"items": [True]},
    "negative length": {"minLength": -1},
    "fractional length": {"maxLength": 1.5},
    "true for a number": {"minimum": True},
    "divisor of nothing": {"multipleOf": 0},
    "required by name": {"required": "name"},
    "no choices": {"anyOf": []},
    "properties as a list": {"properties": []},
    "dependency by name": {"dependentRequired": {"a": "b"}},
    "null for a schema": {"not": None},
    "broken schema deep inside": {"$defs": {"a": {"allOf": [{"then": {"enum": 1}}]}}},
    "too large": {"description": "x" * SCHEMA_BYTES_MAX},
}


@pytest.mark.parametrize(("schema", "good", "bad"), KEYWORDS.values(), ids=KEYWORDS)
def test_a_keyword_tells_good_from_bad(schema, good, bad):
    """Each keyword lets pass what the standard says, and nothing else."""
    checked = ToolSchema(schema)

    assert [checked.problem(value) for value in good] == [None] * len(good)
    assert [value for value in bad if checked.problem(value) is None] == []


@pytest.mark.parametrize("schema", REFUSED.values(), ids=REFUSED)
def test_what_is_not_checked_is_refused(schema):
    """A constraint that nobody would look at, or that cannot be bounded, is an error from the start."""
    with pytest.raises(UnsupportedToolSchema):
        ToolSchema(schema)


@pytest.mark.parametrize(
    ("schema", "value", "problem"),
    [
        ({"type": "object"}, 1, "it is not of type object"),
        ({"properties": {"a": {"items": {"minimum": 3}}}}, {"a": [3, 2]}, "/a/1 is not at least 3"),
        ({"properties": {"a/b~c": {"type": "null"}}}, {"a/b~c": 1}, "/a~1b~0c is not of type null"),
        ({"required": ["name"]}, {}, "it lacks the property 'name'"),
        ({"additionalProperties": False}, {"x": 1}, "/x is not allowed"),
        ({"maxLength": 3}, "secret", "it has more than 3 characters"),
    ],
)
def test_a_problem_is_told_with_its_place_and_without_the_value(schema, value, problem):
    """The caller learns where to look; what somebody sent is not repeated."""
    assert ToolSchema(schema).problem(value) == problem


BOMBS: dict[str, tuple[dict[str, Any], Any]] = {
    "a schema that is itself": ({"$ref": "#"}, 1),
    "doubling references": (
        {
            "$ref": "#/$defs/a0",
            "$defs": {f"a{i}": {"allOf": [{"$ref": f"#/$defs/a{i + 1}"}] * 2} for i in range(40)}
            | {"a40": {}},
        },
        1,
    ),
    "many choices for many items": (
        {"items": {"oneOf": [{"const": i} for i in range(1_000)]}},
        [999] * 10_000,
    ),
    "a slow pattern for a long text": ({"pattern": "(a|b)*a(a|b){900}"}, "ab" * 200_000),
    "a choice that is itself": (
        {"anyOf": [{"oneOf": [{"not": {"items": {"$ref": "#"}}}, {"$ref": "#"}]}]},
        [[1]],
    ),
    "remarks for every item": ({"items": {f"x{i}": 0 for i in range(5_000)}}, [0] * 10_000),
    "properties looked at again and again": (
        {"allOf": [{"additionalProperties": True}] * 1_500},
        {f"k{i}": 0 for i in range(10_000)},
    ),
    "not of what takes too long": ({"not": {"$ref": "#"}}, 1),
}


@pytest.mark.parametrize(("schema", "value"), BOMBS.values(), ids=BOMBS)
def test_a_check_has_an_end(schema, value):
    """However a schema and a value play together, the steps are counted, and too many are a problem."""
    assert ToolSchema(schema).problem(value) == "it takes more than 500,000 steps to check"


def test_numbers_of_one_hash_are_told_apart_quickly():
    """Equal hashes, which anybody can find for numbers, do not make a check quadratic."""
    assert ToolSchema({"uniqueItems": True}).problem([(2**61 - 1) * i for i in range(50_000)]) is None


def test_the_deepest_value_is_checked():
    """A recursive schema follows a value as deep as documents go."""
    value: Any = 1
    for _ in range(63):
        value = {"a": value}
    schema = {"$defs": {"node": {"properties": {"a": {"$ref": "#/$defs/node"}}}}, "$ref": "#/$defs/node"}

    assert ToolSchema(schema).problem(value) is None


NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, 1.0, 2.5])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.sampled_from(["", "a", "ab", "ba"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=6,
)


def schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return schemas of any keywords, over schemas."""
    lists, named = (
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    )
    counts = st.integers(0, 2)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["array", "object", "integer", "number", "string", "null", "boolean"]),
            "enum": st.lists(VALUES, max_size=3),
            "const": VALUES,
            "minimum": NUMBERS,
            "exclusiveMaximum": NUMBERS,
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "minLength": counts,
            "maxLength": counts,
            "pattern": st.sampled_from(["a", "^b", "a$"]),
            "minItems": counts,
            "maxItems": counts,
            "uniqueItems": st.booleans(),
            "prefixItems": lists,
            "items": inner,
            "contains": inner,
            "minContains": counts,
            "maxContains": counts,
            "minProperties": counts,
            "maxProperties": counts,
            "required": st.lists(st.sampled_from("ab"), unique=True),
            "dependentRequired": st.just({"a": ["b"]}),
            "properties": named,
            "patternProperties": named,
            "additionalProperties": inner,
            "propertyNames": inner,
            "dependentSchemas": named,
            "allOf": lists,
            "anyOf": lists,
            "oneOf": lists,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
        },
    )


@settings(max_examples=400, deadline=None)
@given(
    schema=st.recursive(st.booleans(), schemas, max_leaves=5).filter(lambda s: isinstance(s, dict)),
    value=VALUES,
)
def test_a_known_library_says_the_same(schema, value):
    """Any schema of the supported keywords means what it means to the jsonschema library."""
    expected = jsonschema.Draft202012Validator(schema).is_valid(value)

    assert (ToolSchema(schema).problem(value) is None) is expected
