from __future__ import annotations

import pytest

from palyra_events.a2ui.google import ActionRefused, Submission, values_of


def action(context: object, **more: object) -> dict[str, object]:
    return {
        "version": "v0.9",
        "action": {
            "name": "a2ui.form.submit",
            "surfaceId": "desk",
            "sourceComponentId": "c_f_submit",
            "timestamp": "2026-01-01T00:00:00Z",
            "context": context,
            **more,
        },
    }


def test_what_was_filled_in_comes_back_by_our_names():
    """Choices are unwrapped, numbers are numbers, names are those of the form."""
    context = {
        "componentId": "f",
        "values_a_x2d_b": "text",
        "values_choice": ["high"],
        "values_sure": True,
        "numbers_days": "7.50",
    }
    values = {"a-b": "text", "choice": "high", "sure": True, "days": 7.5}
    assert values_of(action(context), surface="desk") == Submission("f", values)


@pytest.mark.parametrize(
    ("text", "value"), [("7", 7), ("x", "x"), ("", ""), ("inf", "inf"), ("nan", "nan"), (3, 3), (None, None)]
)
def test_a_number_that_is_none_is_left_to_the_form(text, value):
    """The form's check names the field; here nothing fails."""
    made = values_of(action({"componentId": "f", "numbers_n": text}), surface="desk")
    assert made.values == {"n": value}


def test_the_version_that_was_filled_in_comes_back():
    """It is none of the values, and None where the button was not told it."""
    context = {"componentId": "f", "values_a": "x"}
    assert values_of(action(context), surface="desk").version is None
    told = values_of(action({**context, "pageVersion": 3}), surface="desk")
    assert told == Submission("f", {"a": "x"}, 3)


def test_the_patch_of_the_version_is_spoken_too():
    """A2UI 0.9.1 has the same messages under another name."""
    made = values_of(action({"componentId": "f"}) | {"version": "v0.9.1"}, surface="desk")
    assert made == Submission("f", {})


@pytest.mark.parametrize("choice", [[], ["a", "b"]])
def test_a_choice_of_none_or_two_stays_a_list(choice):
    """The form's check refuses it; nothing is chosen for anybody."""
    made = values_of(action({"componentId": "f", "values_s": choice}), surface="desk")
    assert made.values == {"s": choice}


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        {"version": "v0.9"},
        {"action": "x"},
        action([]),
        action({}),
        action({"componentId": 5}),
        action({"componentId": "f"}, name="other"),
        action({"componentId": "f"}, surfaceId="other"),
        action({"componentId": "f"}) | {"version": "v1.0"},
        action({"componentId": "f"}) | {"version": ["v0.9"]},
        action({"componentId": "f"}, timestamp=None),
        action({"componentId": "f", "pageVersion": "3"}),
        action({"componentId": "f", "pageVersion": True}),
        action({"componentId": "f", "pageVersion": 0}),
    ],
)
def test_other_messages_are_refused(message):
    """Only the submission of one of this surface's forms is taken."""
    with pytest.raises(ActionRefused):
        values_of(message, surface="desk")
