"""Reading components: one reader for each type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from palyra_events.a2ui.document import COLUMN_LENGTH_MAX, SUBMIT_LABEL_LENGTH_MAX, TYPE_LENGTH_MAX, Tone
from palyra_events.a2ui.field_source import read_fields
from palyra_events.a2ui.form_field import LABEL_LENGTH_MAX
from palyra_events.a2ui.problem import ProblemCode
from palyra_events.a2ui.scalar import cell, clamp, compact_json, string, text_length
from palyra_events.a2ui.source import Source
from palyra_events.a2ui.unique_id import UniqueIds

#: the title of a table's only column where it names none
_ONLY_COLUMN = "Value"
_UNSUPPORTED = "unsupported"


def read_components(document: Source) -> list[dict[str, Any]]:
    """Return the components of a document in their stored form; what was mended is noted."""
    limits = document.problems.limits
    ids = UniqueIds(limits.component_id_length_max)
    found = document.objects("components", count_max=limits.components_max)
    return [_component(source, place, ids) for place, source in found]


def _component(source: Source, place: int, ids: UniqueIds) -> dict[str, Any]:
    length_max = source.problems.limits.component_id_length_max
    wanted = source.identifier("id", default=f"component-{place}", length_max=length_max)
    component_id = ids.take(wanted, source)
    name = source.take("type")
    kind = string(name, "", TYPE_LENGTH_MAX)
    # The letters are checked before they are lowered: the Kelvin sign lowers to a plain k.
    kind = kind.lower() if kind.isascii() else kind
    if kind not in _READERS:
        made = _unknown(source, kind)
    else:
        props = Source(source.take("props"), source.place("props"), source.problems)
        made = {"type": kind, "props": _READERS[kind](props)}
        props.finish()
    source.finish()
    return {"id": component_id, **made}


def _unknown(source: Source, kind: str) -> dict[str, Any]:
    """Keep what is of an unknown type, so that a reader sees that something is missing."""
    what = f"the type {kind!r}, which is not known" if kind else "no type"
    source.note(ProblemCode.UNSUPPORTED, "type", f"This component has {what}; it is shown as unsupported.")
    props = compact_json(source.take("props"))
    text = clamp(props, source.problems.limits.string_length_max)
    return {"type": _UNSUPPORTED, "props": {"kind": kind, "source": text}}


def _unsupported(props: Source) -> dict[str, Any]:
    return {
        "kind": props.text("kind", default="", length_max=TYPE_LENGTH_MAX),
        "source": props.text("source", default="", length_max=props.problems.limits.string_length_max),
    }


def _text(props: Source) -> dict[str, Any]:
    length_max = props.problems.limits.string_length_max
    return {
        "tone": props.choice("tone", default=Tone.NORMAL.value, among=tuple(Tone)),
        "value": props.text("value", default="", length_max=length_max),
    }


def _markdown(props: Source) -> dict[str, Any]:
    length_max = props.problems.limits.markdown_length_max
    return {"value": props.text("value", "markdown", default="", length_max=length_max)}


def _list(props: Source) -> dict[str, Any]:
    items = props.items("items", count_max=props.problems.limits.list_items_max)
    return {"ordered": props.flag("ordered"), "items": [_cell(props, *item) for item in items]}


def _table(props: Source) -> dict[str, Any]:
    limits = props.problems.limits
    columns = [
        _column(props, path, item, place)
        for place, (path, item) in enumerate(props.items("columns", count_max=limits.table_columns_max), 1)
    ] or [_ONLY_COLUMN]
    rows = props.items("rows", count_max=limits.table_rows_max)
    return {"columns": columns, "rows": [_row(props, path, row, len(columns)) for path, row in rows]}


def _column(props: Source, path: str, item: object, place: int) -> str:
    title = string(item, f"Column {place}", COLUMN_LENGTH_MAX)
    if not isinstance(item, str):
        props.problems.add(ProblemCode.REPLACED, path, f"This is not a text; it became {title!r}.")
    return title


def _row(props: Source, path: str, row: object, width: int) -> list[str]:
    cells = row if isinstance(row, list) else []
    if len(cells) != width:
        props.problems.add(
            ProblemCode.RAGGED_ROW, path, f"The row has {len(cells)} cells; there are {width} columns."
        )
    shown = [_cell(props, f"{path}/{index}", item) for index, item in enumerate(cells[:width])]
    return shown + [""] * (width - len(shown))


def _cell(props: Source, path: str, item: object) -> str:
    length_max = props.problems.limits.string_length_max
    text = cell(item, length_max)
    if text.endswith("…") and isinstance(item, str) and text_length(item) > length_max:
        props.problems.add(ProblemCode.TRUNCATED, path, f"The text was cut to {length_max} characters.")
    return text


def _form(props: Source) -> dict[str, Any]:
    return {
        "title": props.text("title", default="Form", length_max=LABEL_LENGTH_MAX),
        "submitLabel": props.text(
            "submit_label", "submitLabel", default="Submit", length_max=SUBMIT_LABEL_LENGTH_MAX
        ),
        "fields": read_fields(props),
    }


def _chart(props: Source) -> dict[str, Any]:
    points = props.objects("series", count_max=props.problems.limits.chart_points_max)
    return {
        "title": props.text("title", default="Chart", length_max=LABEL_LENGTH_MAX),
        "series": [_point(place, point) for place, point in points],
    }


def _point(place: int, point: Source) -> dict[str, Any]:
    if point.take("value") is None:
        point.note(ProblemCode.REPLACED, "value", "There is no number here; it became 0.")
    made = {
        "label": point.text("label", default=f"Point {place}", length_max=LABEL_LENGTH_MAX),
        "value": point.number("value", default=0),
    }
    point.finish()
    return made


_READERS: Mapping[str, Callable[[Source], dict[str, Any]]] = MappingProxyType(
    {
        "text": _text,
        "markdown": _markdown,
        "list": _list,
        "table": _table,
        "form": _form,
        "chart": _chart,
        _UNSUPPORTED: _unsupported,
    }
)
