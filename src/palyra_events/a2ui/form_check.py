"""Checking what a person filled in, as the form asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import isclose
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from palyra_events.a2ui.document import Form
from palyra_events.a2ui.form_field import CheckboxField, FieldValue, NumberField, SelectField, TextField
from palyra_events.a2ui.limits import LIMITS
from palyra_events.a2ui.pointer import format_pointer
from palyra_events.a2ui.problem import Problem
from palyra_events.a2ui.scalar import clamp, is_number, is_text, plain_number, text_length, trim
from palyra_events.errors import InvalidInput

#: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address, the rule of every browser
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*")
#: of a step; what a sum of steps may be off by
_STEP_TOLERANCE: Final = 1e-6


class FormInvalid(InvalidInput):
    """The form is not filled in as it asks for.

    ``details["problems"]`` has one `Problem` for each value, ``failures`` their sentences.
    """

    code = "FORM_INVALID"
    advice = "Mend the fields that are named, and submit the form again."


class _Fault(NamedTuple):
    """What is wrong with one value."""

    code: str
    message: str


def check_values(form: Form, values: Mapping[str, object]) -> dict[str, FieldValue]:
    """Return what was filled in, one value for each field of the form, in its order.

    A field that is not among ``values`` was left as it is shown, and has its default. Texts stay as they
    were typed.

    Raises:
        FormInvalid: a value is missing, of the wrong type, out of its bounds, too long or no option, or
            is for a field that the form does not have.
    """
    fields = {field.id: field for field in form.props.fields}
    given = {name: values.get(name, field.default_value) for name, field in fields.items()}
    faults = {name: _CHECKS[field.type](field, given[name]) for name, field in fields.items()}
    problems = [_problem(form, name, fault) for name, fault in faults.items() if fault is not None]
    unknown = [str(name) for name in values if name not in fields]
    problems += [_problem(form, clamp(name, 80), _UNKNOWN) for name in unknown]
    if problems:
        raise FormInvalid(
            f"{len(problems)} of the form's values cannot be taken.",
            problems=tuple(problems),
            failures=[problem.message for problem in problems],
        )
    return {name: _plain(value) for name, value in given.items()}


_UNKNOWN = _Fault("unknown_field", "The form has no such field.")


def _problem(form: Form, name: str, fault: _Fault) -> Problem:
    field = next((field for field in form.props.fields if field.id == name), None)
    label = field.label if field and field.label else name
    return Problem(fault.code, format_pointer(name), f"{label}: {fault.message}")


def _plain(value: Any) -> FieldValue:
    return plain_number(value) if isinstance(value, float) else value


def _text_fault(field: TextField, value: object) -> _Fault | None:
    if not is_text(value):
        return _Fault("wrong_type", "This must be a text.")
    if field.required and not trim(value):
        return _Fault("required", "This must be filled in.")
    if text_length(value) > LIMITS.string_length_max:
        return _Fault("too_long", f"At most {LIMITS.string_length_max} characters.")
    if field.type == "email" and value and not _EMAIL.fullmatch(value):
        return _Fault("invalid_email", "This is not an address for mail.")
    return None


def _number_fault(field: NumberField, value: object) -> _Fault | None:
    if not is_number(value):
        return _Fault("wrong_type", "This must be a number.")
    if not field.min <= value <= field.max:
        return _Fault("out_of_range", f"This must be from {field.min} to {field.max}.")
    if value != field.default_value and not _is_on_step(value - field.min, field.step):
        return _Fault("off_step", f"This must be {field.min} or steps of {field.step} more.")
    return None


def _is_on_step(distance: float, step: float) -> bool:
    steps = distance / step
    return isclose(steps, round(steps), rel_tol=0, abs_tol=_STEP_TOLERANCE) if steps < 2**53 else True


def _select_fault(field: SelectField, value: object) -> _Fault | None:
    if not isinstance(value, str):
        return _Fault("wrong_type", "This must be one of the options.")
    if value not in {option.value for option in field.options}:
        return _Fault("no_option", "This is not one of the options.")
    return None


def _checkbox_fault(field: CheckboxField, value: object) -> _Fault | None:
    if not isinstance(value, bool):
        return _Fault("wrong_type", "This must be true or false.")
    return _Fault("required", "This must be checked.") if field.required and not value else None


_CHECKS: Mapping[str, Callable[[Any, object], _Fault | None]] = MappingProxyType(
    {
        "text": _text_fault,
        "email": _text_fault,
        "number": _number_fault,
        "select": _select_fault,
        "checkbox": _checkbox_fault,
    }
)
