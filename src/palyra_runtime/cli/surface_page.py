"""A surface's document on a terminal: what the console draws, as lines and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rich.cells import cell_len, set_cell_size

from palyra_events.a2ui import (
    Chart,
    ChartPoint,
    Document,
    FieldValue,
    Form,
    List,
    Markdown,
    Table,
    Text,
    Tone,
    Unsupported,
    number_text,
)
from palyra_events.a2ui.bar import bars
from palyra_events.a2ui.form_field import CheckboxField, NumberField, SelectField, TextField
from palyra_events.a2ui.markdown import BlockKind, Span, SpanKind, parse_markdown
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.safe_text import safe_text
from palyra_runtime.cli.table import GAP, Column

#: columns of the longest bar
_BAR_WIDTH = 30
#: columns of the screen that a table may need; a wider one is shown row by row
_TABLE_WIDTH_MAX = 80
#: what a column of a table does with
_COLUMN_WIDTH_MIN = 12
#: of a column's title that stands before its cell
_TITLE_WIDTH_MAX = 24

_Field = TextField | NumberField | SelectField | CheckboxField

#: Who cannot see colours sees the mark.
_MARKS: Mapping[Tone, tuple[str, str]] = MappingProxyType(
    {Tone.MUTED: ("·", "bright_black"), Tone.SUCCESS: ("✓", "green"), Tone.CRITICAL: ("!", "red")}
)


def write_document(page: Page, document: Document) -> None:
    """Write what a surface shows, from top to bottom, with a blank line between two components."""
    if not document.components:
        page.line("This page shows nothing.")
    for place, component in enumerate(document.components):
        if place and not isinstance(component, _TITLED):
            page.line("")
        _WRITERS[type(component)](page, component)


#: what begins with a heading, which brings its own blank line
_TITLED = (Form, Chart)


def _write_text(page: Page, text: Text) -> None:
    if mark := _MARKS.get(text.props.tone):
        page.label(mark[0], text.props.value, style=mark[1])
    else:
        page.line(text.props.value)


def _write_markdown(page: Page, markdown: Markdown) -> None:
    for block in parse_markdown(markdown.props.value):
        lines = ["".join(map(_span, line)) for line in block.lines]
        _BLOCKS[block.kind](page, lines)


def _span(span: Span) -> str:
    """Return a part of a line; a link shows where it leads."""
    if span.kind is SpanKind.CODE:
        return f"`{span.text}`"
    return f"{span.text} ({span.target})" if span.target else span.text


_BLOCKS: Mapping[BlockKind, Callable[[Page, list[str]], None]] = MappingProxyType(
    {
        BlockKind.HEADING: lambda page, lines: page.heading(lines[0]),
        BlockKind.PARAGRAPH: lambda page, lines: page.line(lines[0]),
        BlockKind.BULLETS: lambda page, lines: page.items(lines),
        BlockKind.NUMBERED: lambda page, lines: page.items(lines, ordered=True),
    }
)


def _write_list(page: Page, shown: List) -> None:
    page.items(shown.props.items, ordered=shown.props.ordered)


def _write_table(page: Page, table: Table) -> None:
    titles = [safe_text(title) for title in table.props.columns]
    if _fits(titles, table.props.rows):
        columns: list[Column[Sequence[str]]] = [
            Column(title, _cell(place), wraps=True) for place, title in enumerate(titles)
        ]
        page.table(columns, table.props.rows)
        return
    for place, row in enumerate(table.props.rows):
        if place:
            page.line("")
        page.fields(zip(map(_cut, titles), row, strict=True))


def _cut(title: str) -> str:
    is_short = cell_len(title) <= _TITLE_WIDTH_MAX
    return title if is_short else set_cell_size(title, _TITLE_WIDTH_MAX - 1) + "…"


def _fits(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether each column gets as much of the screen as it needs to be read."""
    widest = [max(cell_len(safe_text(text)) for text in cells) for cells in zip(titles, *rows, strict=True)]
    return sum(min(width, _COLUMN_WIDTH_MIN) + len(GAP) for width in widest) <= _TABLE_WIDTH_MAX


def _cell(place: int) -> Callable[[Sequence[str]], str]:
    return lambda row: row[place]


def _write_form(page: Page, form: Form) -> None:
    page.heading(f"{form.props.title} (form {form.id})")
    columns: list[Column[_Field]] = [
        Column("FIELD", lambda field: field.id, is_whole=True),
        Column("LABEL", lambda field: f"{field.label}{' *' if field.required else ''}", wraps=True),
        Column("VALUE", lambda field: _shown(field.default_value), wraps=True),
        Column("ASKS FOR", _wanted, wraps=True),
    ]
    page.table(columns, form.props.fields)
    page.line(f"[ {form.props.submit_label} ]")


def _shown(value: FieldValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else number_text(value)


def _wanted(field: _Field) -> str:
    wanted = _WANTED[field.type](field)
    return f"{wanted}; {field.hint}" if field.hint else wanted


def _wanted_number(field: NumberField) -> str:
    bounds = f"{number_text(field.min)} to {number_text(field.max)}"
    return f"{bounds}, steps of {number_text(field.step)}"


def _wanted_option(field: SelectField) -> str:
    return ", ".join(
        f"{option.value} ({option.label})" if option.label != option.value else option.value
        for option in field.options
    )


_WANTED: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "text": lambda field: f"text, such as {field.placeholder}" if field.placeholder else "text",
        "email": lambda _field: "an address for mail",
        "number": _wanted_number,
        "select": _wanted_option,
        "checkbox": lambda _field: "yes or no",
    }
)


def _write_chart(page: Page, chart: Chart) -> None:
    page.heading(chart.props.title)
    series = chart.props.series
    drawn = bars([point.value for point in series], _BAR_WIDTH)
    columns: list[Column[tuple[ChartPoint, str]]] = [
        Column("POINT", lambda row: row[0].label, wraps=True),
        Column("VALUE", lambda row: number_text(row[0].value), is_number=True),
        Column("", lambda row: row[1], is_whole=True),
    ]
    page.table(columns, zip(series, drawn, strict=True))


def _write_unsupported(page: Page, missing: Unsupported) -> None:
    page.label("?", f"This part cannot be shown here: {missing.props.kind or 'no type'}.", style="yellow")


_WRITERS: Mapping[type, Callable[[Page, Any], None]] = MappingProxyType(
    {
        Text: _write_text,
        Markdown: _write_markdown,
        List: _write_list,
        Table: _write_table,
        Form: _write_form,
        Chart: _write_chart,
        Unsupported: _write_unsupported,
    }
)
