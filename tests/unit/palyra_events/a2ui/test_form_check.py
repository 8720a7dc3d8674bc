from __future__ import annotations

import json
from pathlib import Path

import pytest

from palyra_events.a2ui import Form, FormInvalid, check_values, normalise

CORPUS = json.loads((Path(__file__).parents[3] / "corpus/a2ui/forms.json").read_text(encoding="utf-8"))


def form(*fields: dict[str, object]) -> Form:
    """Return a form with these fields."""
    raw = {"v": 1, "surface": "s", "components": [{"id": "f", "type": "form", "props": {"fields": fields}}]}
    found = normalise(json.loads(json.dumps(raw))).document.form("f")
    assert found is not None
    return found


SHOWN = form(*CORPUS["form"]["props"]["fields"])


@pytest.mark.parametrize(
    "case", [case for case in CORPUS["cases"] if "values" in case["expect"]], ids=lambda case: case["name"]
)
def test_what_the_form_asks_for_is_taken(case):
    """There is one value for each field, in the order of the form."""
    taken = check_values(SHOWN, case["values"])
    assert taken == case["expect"]["values"]
    assert list(taken) == [field.id for field in SHOWN.props.fields]


@pytest.mark.parametrize(
    "case", [case for case in CORPUS["cases"] if "problems" in case["expect"]], ids=lambda case: case["name"]
)
def test_each_wrong_value_is_told(case):
    """One problem for each value, all at once, so that nobody mends them one by one."""
    with pytest.raises(FormInvalid) as refused:
        check_values(SHOWN, case["values"])
    problems = refused.value.details["problems"]
    assert [{"code": problem.code, "path": problem.path} for problem in problems] == case["expect"][
        "problems"
    ]
    assert refused.value.details["failures"] == [problem.message for problem in problems]


def test_a_required_box_must_be_checked():
    """No is no answer to a box that is required."""
    with pytest.raises(FormInvalid) as refused:
        check_values(form({"id": "sure", "label": "I am sure", "type": "checkbox", "required": True}), {})
    assert refused.value.details["failures"] == ["I am sure: This must be checked."]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"min": 0, "max": 1, "step": 0.1}, 0.30000000000000004),
        ({"min": 0, "max": 1, "step": 0.1}, 0.7),
        ({"min": -1, "max": 1, "step": 0.25}, -0.75),
        ({"min": 0, "max": 1e300}, 1e299),
        ({"min": 0, "max": 1e300, "step": 1e-6}, 10**299),
        ({"min": 0, "max": 10, "step": 3, "default": 5}, 5),
    ],
)
def test_numbers_on_a_step_are_taken(field, value):
    """What doubles make of tenths is on the step, and so is the default that the form shows."""
    taken = check_values(form({"id": "n", "type": "number", **field}), {"n": value})
    assert taken == {"n": value}


@pytest.mark.parametrize("value", [1e999, float("nan"), -1e999])
def test_numbers_that_are_none_are_refused(value):
    """Infinity is not between two bounds."""
    with pytest.raises(FormInvalid):
        check_values(form({"id": "n", "type": "number"}), {"n": value})


def test_half_a_character_is_no_text():
    """What has no UTF-8 could not be kept."""
    with pytest.raises(FormInvalid) as refused:
        check_values(form({"id": "a"}), {"a": "x\ud800"})
    assert refused.value.details["failures"] == ["a: This must be a text."]
