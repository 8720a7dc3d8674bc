from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from palyra_events.a2ui import LIMITS, DocumentRefused, DocumentTooLarge, normalise, schema, to_wire

CORPUS = json.loads((Path(__file__).parents[3] / "corpus/a2ui/documents.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(schema())

each_good = pytest.mark.parametrize(
    "case", [case for case in CORPUS if "document" in case["expect"]], ids=lambda case: case["name"]
)
each_bad = pytest.mark.parametrize(
    "case", [case for case in CORPUS if "error" in case["expect"]], ids=lambda case: case["name"]
)


def page(*components: object, **more: object) -> dict[str, object]:
    return {"v": 1, "surface": "desk", "components": list(components), **more}


@each_good
def test_what_can_be_read_is_kept_and_each_repair_is_told(case):
    """The document and the list of problems are those that everybody agreed on."""
    made = normalise(case["given"])
    problems = [{"code": problem.code, "path": problem.path} for problem in made.problems]
    assert to_wire(made.document) == case["expect"]["document"]
    assert problems == case["expect"]["problems"]


@each_good
def test_a_document_in_its_form_has_no_problems(case):
    """What was mended needs no mending."""
    wire = case["expect"]["document"]
    again = normalise(wire)
    assert (to_wire(again.document), again.problems) == (wire, ())
    assert list(VALIDATOR.iter_errors(wire)) == []


@each_bad
def test_what_cannot_be_read_is_refused(case):
    """A refusal says where."""
    with pytest.raises(DocumentRefused) as refused:
        normalise(case["given"])
    error = {"code": refused.value.code, "path": refused.value.details["path"]}
    assert error == case["expect"]["error"]


def test_a_page_without_a_name_takes_the_one_that_is_given():
    """A plugin with one surface does not have to name it."""
    made = normalise({"v": 1, "components": []}, surface="desk")
    assert made.document.surface == "desk"


def test_a_page_keeps_its_own_name():
    """The name that is given is only for a page that says none."""
    assert normalise(page(), surface="other").document.surface == "desk"


def test_a_page_has_a_largest_size():
    """Many components at their limits together are too much."""
    component = {"type": "markdown", "props": {"value": "m" * LIMITS.markdown_length_max}}
    with pytest.raises(DocumentTooLarge) as refused:
        normalise(page(*[component] * 100))
    assert refused.value.details["size_max"] == LIMITS.document_bytes_max


def test_a_page_nested_too_deeply_is_refused():
    """The depth is the stranger's choice, and no reason to fail."""
    value: list[object] = []
    for _ in range(5000):
        value = [value]
    with pytest.raises(DocumentRefused, match="nested deeper than 64"):
        normalise(page(value))


@pytest.mark.parametrize("value", [{1}, object(), {5: 6}, b"bytes"])
def test_what_json_does_not_know_is_refused(value):
    """A document is JSON, also where a program hands it over."""
    with pytest.raises(DocumentRefused):
        normalise(page(extra=value))


def test_problems_are_counted_past_their_limit():
    """A page with a thousand mistakes does not make a thousand lines."""
    items = [{"id": f"n{place}", "type": "text", "props": {"value": place}} for place in range(128)]
    problems = normalise(page(*items)).problems
    assert len(problems) == LIMITS.problems_max + 1
    assert (problems[-1].code, problems[-1].message) == ("more", "28 more problems are not listed.")


def test_repairs_are_told_in_words():
    """A problem's message says what was there and what became of it."""
    made = normalise(page({"id": "a b", "type": "text"}, {"id": "a-b", "type": "hologram"}))
    assert [problem.message for problem in made.problems] == [
        "The id 'a b' became 'a-b'.",
        "The id 'a-b' was taken, and became 'a-b-2'.",
        "This component has the type 'hologram', which is not known; it is shown as unsupported.",
    ]
