"""Reading the fields of a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf
from types import MappingProxyType
from typing import Any, Final

from palyra_events.a2ui.form_field import (
    FIELD_ID_LENGTH_MAX,
    HINT_LENGTH_MAX,
    LABEL_LENGTH_MAX,
    PLACEHOLDER_LENGTH_MAX,
)
from palyra_events.a2ui.problem import ProblemCode
from palyra_events.a2ui.scalar import number
from palyra_events.a2ui.source import Source
from palyra_events.a2ui.unique_id import UniqueIds

_OPTION_VALUE_LENGTH_MAX = 64
#: bounds of a number field that names none
_LOW, _HIGH = 0, 100
#: a smaller step is none that a person could take
_STEP_MIN: Final = 1e-6
#: the one choice of a select field that offers none
_NO_OPTION: Final = MappingProxyType({"label": "N/A", "value": "na"})


def read_fields(form: Source) -> list[dict[str, Any]]:
    """Return the fields of a form in their stored form; what was mended is noted.

    ``default`` is the name that authors use, ``defaultValue`` the one that is stored; both are read, so a
    document that comes back keeps its defaults.
    """
    ids = UniqueIds(FIELD_ID_LENGTH_MAX)
    count_max = form.problems.limits.form_fields_max
    return [_field(field, place, ids) for place, field in form.objects("fields", count_max=count_max)]


def _field(source: Source, place: int, ids: UniqueIds) -> dict[str, Any]:
    wanted = source.identifier("id", default=f"field-{place}", length_max=FIELD_ID_LENGTH_MAX)
    field_id = ids.take(wanted, source)
    kind = source.choice("type", default="text", among=tuple(_READERS))
    field = {
        "id": field_id,
        "label": source.text("label", default=field_id, length_max=LABEL_LENGTH_MAX),
        "type": kind,
        "hint": source.text("hint", default="", length_max=HINT_LENGTH_MAX),
        "required": source.flag("required"),
        **_READERS[kind](source),
    }
    source.finish()
    return field


def _text(source: Source) -> dict[str, Any]:
    length_max = source.problems.limits.string_length_max
    return {
        "placeholder": source.text("placeholder", default="", length_max=PLACEHOLDER_LENGTH_MAX),
        "defaultValue": source.text("default", "defaultValue", default="", length_max=length_max),
    }


def _number(source: Source) -> dict[str, Any]:
    low = source.number("min", default=_LOW)
    high = _within(source, "max", source.number("max", default=max(_HIGH, low)), low)
    step = _within(source, "step", source.number("step", default=1), _STEP_MIN)
    default = _within(source, "default", source.number("default", "defaultValue", default=low), low, high)
    return {"min": low, "max": high, "step": step, "defaultValue": default}


def _within(source: Source, name: str, value: float, low: float, high: float = inf) -> int | float:
    moved = number(value, low, low, high)
    if moved != value:
        source.note(ProblemCode.OUT_OF_RANGE, name, f"{value} is out of its bounds, and became {moved}.")
    return moved


def _select(source: Source) -> dict[str, Any]:
    options = list(_options(source))
    if not options:
        source.note(ProblemCode.REPLACED, "options", "There is nothing to choose from.")
        options = [dict(_NO_OPTION)]
    values = [option["value"] for option in options]
    chosen = source.identifier(
        "default", "defaultValue", default=values[0], length_max=_OPTION_VALUE_LENGTH_MAX
    )
    if chosen not in values:
        source.note(ProblemCode.REPLACED, "default", f"{chosen!r} is no option; it became {values[0]!r}.")
        chosen = values[0]
    return {"options": options, "defaultValue": chosen}


def _options(source: Source) -> Iterator[dict[str, str]]:
    values = UniqueIds(_OPTION_VALUE_LENGTH_MAX)
    count_max = source.problems.limits.select_options_max
    for place, option in source.objects("options", count_max=count_max):
        value = option.identifier("value", default=f"option-{place}", length_max=_OPTION_VALUE_LENGTH_MAX)
        label = option.text("label", default=f"Option {place}", length_max=LABEL_LENGTH_MAX)
        option.finish()
        yield {"label": label, "value": values.take(value, option, name="value")}


def _checkbox(source: Source) -> dict[str, Any]:
    return {"defaultValue": source.flag("default", "defaultValue")}


_READERS: Mapping[str, Callable[[Source], dict[str, Any]]] = MappingProxyType(
    {"text": _text, "email": _text, "number": _number, "select": _select, "checkbox": _checkbox}
)
