from __future__ import annotations

import json
from pathlib import Path

import pytest

from palyra_events.a2ui import LIMITS, PatchRefused, apply_patch, normalise, parse_patch, patched, to_wire

CORPUS = json.loads((Path(__file__).parents[3] / "corpus/a2ui/patches.json").read_text(encoding="utf-8"))
DOCUMENT = normalise(CORPUS["document"]).document


def op(verb: str, path: str, *value: object) -> dict[str, object]:
    """Return a patch of one operation."""
    return {"v": 1, "ops": [{"op": verb, "path": path, **({"value": value[0]} if value else {})}]}


@pytest.mark.parametrize(
    "case", [case for case in CORPUS["cases"] if "document" in case["expect"]], ids=lambda case: case["name"]
)
def test_a_patch_changes_what_it_names(case):
    """The page and the problems are those that everybody agreed on."""
    made = apply_patch(DOCUMENT, case["patch"])
    problems = [{"code": problem.code, "path": problem.path} for problem in made.problems]
    assert to_wire(made.document) == case["expect"]["document"]
    assert problems == case["expect"]["problems"]


@pytest.mark.parametrize(
    "case", [case for case in CORPUS["cases"] if "error" in case["expect"]], ids=lambda case: case["name"]
)
def test_a_patch_that_does_not_fit_is_refused(case):
    """A refusal says what kind it is and which operation is to blame."""
    with pytest.raises(PatchRefused) as refused:
        apply_patch(DOCUMENT, case["patch"])
    assert refused.value.details == case["expect"]["error"]


def test_a_patch_does_not_touch_the_page_that_it_is_given():
    """The page before is still there afterwards, to be shown or compared."""
    before = to_wire(DOCUMENT)
    apply_patch(DOCUMENT, op("remove", "/components/0"))
    assert to_wire(DOCUMENT) == before


def test_a_value_is_copied_into_its_place():
    """A later operation changes the page and not the patch."""
    patch = {
        "v": 1,
        "ops": [
            {"op": "add", "path": "/a", "value": {"b": 1}},
            {"op": "replace", "path": "/a/b", "value": 2},
        ],
    }
    assert patched({}, parse_patch(patch)) == {"a": {"b": 2}}
    assert patch["ops"][0]["value"] == {"b": 1}


def test_a_page_cannot_grow_for_ever():
    """Patches that each are small enough meet the limit of the whole."""
    document = normalise({"v": 1, "surface": "s", "components": []}).document
    text = {"type": "markdown", "props": {"value": "m" * LIMITS.markdown_length_max}}
    half = {"v": 1, "ops": [{"op": "add", "path": "/components/-", "value": text}] * 60}
    document = apply_patch(document, half).document
    with pytest.raises(PatchRefused) as refused:
        apply_patch(document, half)
    assert (refused.value.details["code"], refused.value.details["fault"]) == (
        "budget_exceeded",
        "document_too_large",
    )


def test_a_page_cannot_be_nested_for_ever():
    """Each operation nests a little; the whole is refused."""
    deep: object = {"x": {}}
    for _ in range(40):
        deep = {"x": deep}
    patch = {
        "v": 1,
        "ops": [
            {"op": "add", "path": "/extra", "value": deep},
            {"op": "add", "path": "/extra" + "/x" * 41, "value": deep},
        ],
    }
    with pytest.raises(PatchRefused, match="nested deeper"):
        apply_patch(DOCUMENT, patch)


def test_a_patch_nested_too_deeply_is_none():
    """The depth is the stranger's choice, and no reason to fail."""
    deep: object = 1
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(PatchRefused) as refused:
        apply_patch(DOCUMENT, op("add", "/extra", deep))
    assert refused.value.details["code"] == "invalid_patch"
