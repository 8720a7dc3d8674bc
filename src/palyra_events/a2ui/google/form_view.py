"""Forms in Google's basic catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from palyra_events.a2ui.document import Form
from palyra_events.a2ui.form_field import CheckboxField, NumberField, SelectField, TextField
from palyra_events.a2ui.google.action import (
    COMPONENT_KEY,
    NUMBER_PREFIX,
    SUBMIT_EVENT,
    VALUE_PREFIX,
    VERSION_KEY,
)
from palyra_events.a2ui.google.escape import escaped
from palyra_events.a2ui.google.mangling import mangled
from palyra_events.a2ui.google.sheet import Sheet
from palyra_events.a2ui.scalar import number_text

Field = TextField | NumberField | SelectField | CheckboxField
_Check = dict[str, Any]


def add_form(sheet: Sheet, form: Form, form_id: str) -> str:
    """Add a form: a card with its fields and a button, which sends the values, and whose they are."""
    data: dict[str, Any] = {}
    base = sheet.store("forms", mangled(form.id), data)
    # A heading in Markdown and not a variant: those were cut down in version 1.0.
    children = [sheet.add("Text", f"{form_id}_title", text=f"### {escaped(form.props.title)}")]
    context: dict[str, Any] = {COMPONENT_KEY: form.id}
    if sheet.version is not None:
        context[VERSION_KEY] = sheet.version
    checks: list[_Check] = []
    for field in form.props.fields:
        name = mangled(field.id)
        binding = {"path": f"{base}/{name}"}
        found = _CHECKS[field.type](field, binding)
        children += _add_field(sheet, field, f"{form_id}_field_{name}", binding, found)
        checks += found
        data[name] = _DEFAULTS[field.type](field)
        prefix = NUMBER_PREFIX if isinstance(field, NumberField) else VALUE_PREFIX
        context[f"{prefix}{name}"] = binding
    children.append(_add_button(sheet, form, form_id, context, checks))
    column = sheet.add("Column", f"{form_id}_column", children=children, align="stretch")
    return sheet.add("Card", form_id, child=column)


def _add_field(
    sheet: Sheet, field: Field, field_id: str, binding: dict[str, str], checks: list[_Check]
) -> list[str]:
    component, props = _INPUTS[field.type](field)
    added = [sheet.add(component, field_id, label=field.label, value=binding, checks=checks or None, **props)]
    if field.hint:
        added.append(sheet.text(f"{field_id}_hint", field.hint, variant="caption"))
    return added


def _add_button(sheet: Sheet, form: Form, form_id: str, context: dict[str, Any], checks: list[_Check]) -> str:
    label = sheet.text(f"{form_id}_submit_label", form.props.submit_label)
    return sheet.add(
        "Button",
        f"{form_id}_submit",
        child=label,
        variant="primary",
        action={"event": {"name": SUBMIT_EVENT, "context": context}},
        checks=checks or None,
    )


def _text_input(_field: TextField) -> tuple[str, dict[str, Any]]:
    return "TextField", {"variant": "shortText"}


def _number_input(_field: NumberField) -> tuple[str, dict[str, Any]]:
    # Not a slider: that has no steps, and nobody can set it to one number among a million.
    return "TextField", {"variant": "number"}


def _select_input(field: SelectField) -> tuple[str, dict[str, Any]]:
    options = [{"label": option.label, "value": option.value} for option in field.options]
    return "ChoicePicker", {"variant": "mutuallyExclusive", "options": options}


def _checkbox_input(_field: CheckboxField) -> tuple[str, dict[str, Any]]:
    return "CheckBox", {}


def _text_checks(field: TextField, binding: dict[str, str]) -> list[_Check]:
    filled = _call("required", value=binding)
    checks = [_check(filled, f"{field.label} must be filled in")] if field.required else []
    if field.type == "email":
        left_out = _call("not", value=filled)
        is_fine = _call("or", values=[left_out, _call("email", value=binding)])
        checks.append(_check(is_fine, f"{field.label} must be an address for mail"))
    return checks


def _number_checks(field: NumberField, binding: dict[str, str]) -> list[_Check]:
    within = _call("numeric", value=binding, min=field.min, max=field.max)
    bounds = f"{number_text(field.min)} to {number_text(field.max)}"
    return [_check(within, f"{field.label} must be from {bounds}")]


def _no_checks(_field: SelectField, _binding: dict[str, str]) -> list[_Check]:
    return []


def _checkbox_checks(field: CheckboxField, binding: dict[str, str]) -> list[_Check]:
    return [_check(binding, f"{field.label} must be checked")] if field.required else []


def _call(function: str, **arguments: Any) -> dict[str, Any]:
    return {"call": function, "args": arguments, "returnType": "boolean"}


def _check(condition: dict[str, Any], message: str) -> _Check:
    return {"condition": condition, "message": message}


_INPUTS: Mapping[str, Callable[[Any], tuple[str, dict[str, Any]]]] = MappingProxyType(
    {
        "text": _text_input,
        "email": _text_input,
        "number": _number_input,
        "select": _select_input,
        "checkbox": _checkbox_input,
    }
)
_CHECKS: Mapping[str, Callable[[Any, dict[str, str]], list[_Check]]] = MappingProxyType(
    {
        "text": _text_checks,
        "email": _text_checks,
        "number": _number_checks,
        "select": _no_checks,
        "checkbox": _checkbox_checks,
    }
)
#: how a default stands in the data: a number as the text in its field, a choice as a list of one
_DEFAULTS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "text": lambda field: field.default_value,
        "email": lambda field: field.default_value,
        "number": lambda field: number_text(field.default_value),
        "select": lambda field: [field.default_value],
        "checkbox": lambda field: field.default_value,
    }
)
