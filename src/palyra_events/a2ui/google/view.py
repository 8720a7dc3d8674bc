"""A document as messages of A2UI v0.9, in Google's basic catalog.

The catalog has no table and no chart, so a table is a list of rows bound to the data (a cell each would
make four thousand components), and a chart is lines with bars of block characters. Every id, text and
address is made safe on the way; see `mangling` and `escape`.

Source: https://a2ui.org/specification/v0_9
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from palyra_events.a2ui.bar import bars
from palyra_events.a2ui.document import Chart, Document, Form, List, Markdown, Table, Text, Tone, Unsupported
from palyra_events.a2ui.google.escape import escaped, rewritten
from palyra_events.a2ui.google.form_view import add_form
from palyra_events.a2ui.google.mangling import mangled
from palyra_events.a2ui.google.sheet import Sheet
from palyra_events.a2ui.scalar import number_text

VERSION: Final = "v0.9"
MEDIA_TYPE: Final = "application/a2ui+json"
BASIC_CATALOG: Final = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json"

#: characters of the longest bar
_BAR_WIDTH = 20


def messages(document: Document, *, agent_name: str, version: int | None = None) -> list[dict[str, Any]]:
    """Return what creates the surface, its components and its data, in that order.

    ``agent_name`` is who shows the page, as the operator knows them: it is shown beside the page, so it is
    never the plugin's own words. The client sends back what the button names and not all data; with
    ``version``, that of the page, also which one was filled in.
    """
    sheet = drawn(document, version)
    name = document.surface
    created = {"surfaceId": name, "catalogId": BASIC_CATALOG, "theme": {"agentDisplayName": agent_name}}
    made = [
        {"version": VERSION, "createSurface": created},
        {"version": VERSION, "updateComponents": {"surfaceId": name, "components": sheet.components}},
    ]
    if sheet.data:
        made.append({"version": VERSION, "updateDataModel": {"surfaceId": name, "value": sheet.data}})
    return made


def drawn(document: Document, version: int | None = None) -> Sheet:
    """Return the components and the data that show a page."""
    sheet = Sheet(version)
    children = [_ADDERS[type(each)](sheet, each, f"c_{mangled(each.id)}") for each in document.components]
    sheet.add("Column", "root", children=children, align="stretch")
    return sheet


def _add_text(sheet: Sheet, text: Text, text_id: str) -> str:
    return sheet.text(text_id, text.props.value, variant="caption" if text.props.tone is Tone.MUTED else None)


def _add_markdown(sheet: Sheet, markdown: Markdown, markdown_id: str) -> str:
    return sheet.add("Text", markdown_id, text=rewritten(markdown.props.value))


def _add_list(sheet: Sheet, shown: List, list_id: str) -> str:
    markers = (
        f"{place}. " if shown.props.ordered else "• " for place in range(1, len(shown.props.items) + 1)
    )
    lines = [marker + item for marker, item in zip(markers, shown.props.items, strict=True)]
    children = [sheet.text(f"{list_id}_{place}", line) for place, line in enumerate(lines)]
    return sheet.add("List", list_id, children=children)


def _add_table(sheet: Sheet, table: Table, table_id: str) -> str:
    columns = range(len(table.props.columns))
    rows = [{f"c{place}": escaped(row[place]) for place in columns} for row in table.props.rows]
    path = sheet.store("tables", mangled(table.id), rows)
    titles = [
        sheet.text(f"{table_id}_title_{place}", title, variant="caption", weight=1)
        for place, title in enumerate(table.props.columns)
    ]
    cells = [
        sheet.add("Text", f"{table_id}_cell_{place}", text={"path": f"c{place}"}, weight=1)
        for place in columns
    ]
    row = sheet.add("Row", f"{table_id}_row", children=cells)
    children = [
        sheet.add("Row", f"{table_id}_titles", children=titles),
        sheet.add("Divider", f"{table_id}_divider"),
        sheet.add("List", f"{table_id}_rows", children={"componentId": row, "path": path}),
    ]
    return sheet.add("Column", table_id, children=children, align="stretch")


def _add_chart(sheet: Sheet, chart: Chart, chart_id: str) -> str:
    series = chart.props.series
    drawn = bars([point.value for point in series], _BAR_WIDTH)
    lines = [
        f"{point.label} {bar} {number_text(point.value)}" for point, bar in zip(series, drawn, strict=True)
    ]
    children = [sheet.add("Text", f"{chart_id}_title", text=f"#### {escaped(chart.props.title)}")]
    children += [sheet.text(f"{chart_id}_{place}", line) for place, line in enumerate(lines)]
    return sheet.add("Column", chart_id, children=children)


def _add_unsupported(sheet: Sheet, missing: Unsupported, missing_id: str) -> str:
    text = f"This part of the page cannot be shown: {missing.props.kind or 'it has no type'}."
    return sheet.text(missing_id, text, variant="caption")


_ADDERS: Mapping[type, Callable[[Sheet, Any, str], str]] = MappingProxyType(
    {
        Text: _add_text,
        Markdown: _add_markdown,
        List: _add_list,
        Table: _add_table,
        Form: add_form,
        Chart: _add_chart,
        Unsupported: _add_unsupported,
    }
)
