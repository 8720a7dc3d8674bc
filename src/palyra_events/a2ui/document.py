"""A document: the page that a plugin shows, as data.

    text      a sentence, with a tone            table   columns and rows of text
    markdown  a text with headings and links     form    fields to fill in, and a button
    list      items, numbered or not             chart   labelled numbers, drawn as bars

What is of none of these types is kept as ``unsupported``, so that a reader sees that something is
missing. The models are the authority: the JSON Schema is made from them, and the console's types
from the schema.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from palyra_events.a2ui.form_field import AnyField, DocumentPart, Label, Line, Number
from palyra_events.a2ui.limits import LIMITS

DOCUMENT_VERSION: Final = 1
#: media type of a document in its stored form
MEDIA_TYPE: Final = "application/vnd.palyra.a2ui-doc+json"

#: characters
COLUMN_LENGTH_MAX = 256
SUBMIT_LABEL_LENGTH_MAX = 48
TYPE_LENGTH_MAX = 24
TRACK_ID_LENGTH_MAX = 64
FEATURE_FLAG_LENGTH_MAX = 96
SUPPORT_SUMMARY_LENGTH_MAX = 240
CHECKLIST_LENGTH_MAX = 160
#: entries of a checklist
CHECKLIST_ITEMS_MAX = 6


class Tone(StrEnum):
    """How a text is meant."""

    NORMAL = "normal"
    MUTED = "muted"
    SUCCESS = "success"
    CRITICAL = "critical"


class RolloutStage(StrEnum):
    """How far an experiment has come."""

    DISABLED = "disabled"
    DARK_LAUNCH = "dark_launch"
    OPERATOR_PREVIEW = "operator_preview"
    LIMITED_PREVIEW = "limited_preview"


class AmbientMode(StrEnum):
    """Whether an experiment may listen, and when."""

    DISABLED = "disabled"
    PUSH_TO_TALK = "push_to_talk"


class Component(DocumentPart):
    """What every component has; its id is unique in its document."""

    id: Annotated[str, StringConstraints(pattern=rf"^[A-Za-z0-9:_-]{{1,{LIMITS.component_id_length_max}}}$")]


class TextProps(DocumentPart):
    """What a text says."""

    tone: Tone
    value: Line


class Text(Component):
    """A sentence."""

    type: Literal["text"]
    props: TextProps


class MarkdownProps(DocumentPart):
    """What a markdown text says."""

    value: Annotated[str, StringConstraints(max_length=LIMITS.markdown_length_max)]


class Markdown(Component):
    """A text with headings, lists, emphasis, code and links."""

    type: Literal["markdown"]
    props: MarkdownProps


class ListProps(DocumentPart):
    """What a list holds."""

    ordered: bool
    items: Annotated[tuple[Line, ...], Field(max_length=LIMITS.list_items_max)]


class List(Component):
    """Items, one below the other."""

    type: Literal["list"]
    props: ListProps


class TableProps(DocumentPart):
    """What a table holds; each row has one cell for each column."""

    columns: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=COLUMN_LENGTH_MAX)], ...],
        Field(min_length=1, max_length=LIMITS.table_columns_max),
    ]
    rows: Annotated[tuple[tuple[Line, ...], ...], Field(max_length=LIMITS.table_rows_max)]


class Table(Component):
    """Rows of cells under titles."""

    type: Literal["table"]
    props: TableProps


class FormProps(DocumentPart):
    """What a form asks for; field ids are unique in their form."""

    title: Label
    submit_label: Annotated[str, StringConstraints(max_length=SUBMIT_LABEL_LENGTH_MAX)]
    fields: Annotated[tuple[AnyField, ...], Field(max_length=LIMITS.form_fields_max)]


class Form(Component):
    """Fields to fill in, and a button that sends them."""

    type: Literal["form"]
    props: FormProps


class ChartPoint(DocumentPart):
    """One bar."""

    label: Label
    value: Number


class ChartProps(DocumentPart):
    """What a chart shows."""

    title: Label
    series: Annotated[tuple[ChartPoint, ...], Field(max_length=LIMITS.chart_points_max)]


class Chart(Component):
    """Numbers, drawn as bars."""

    type: Literal["chart"]
    props: ChartProps


class UnsupportedProps(DocumentPart):
    """What the component wanted to be, and its properties as JSON text, as far as they fit."""

    kind: Annotated[str, StringConstraints(max_length=TYPE_LENGTH_MAX)]
    source: Line


class Unsupported(Component):
    """A component of a type that this version does not know."""

    type: Literal["unsupported"]
    props: UnsupportedProps


AnyComponent = Annotated[
    Text | Markdown | List | Table | Form | Chart | Unsupported, Field(discriminator="type")
]

_CheckListItem = Annotated[str, StringConstraints(min_length=1, max_length=CHECKLIST_LENGTH_MAX)]
Checklist = Annotated[tuple[_CheckListItem, ...], Field(min_length=1, max_length=CHECKLIST_ITEMS_MAX)]


class Experimental(DocumentPart):
    """What the author says about an experiment that the document is part of."""

    track_id: Annotated[str, StringConstraints(pattern=rf"^[A-Za-z0-9:_-]{{1,{TRACK_ID_LENGTH_MAX}}}$")]
    feature_flag: Annotated[
        str, StringConstraints(pattern=rf"^[A-Za-z0-9:._-]{{1,{FEATURE_FLAG_LENGTH_MAX}}}$")
    ]
    rollout_stage: RolloutStage
    ambient_mode: AmbientMode
    consent_required: bool
    support_summary: Annotated[str, StringConstraints(min_length=1, max_length=SUPPORT_SUMMARY_LENGTH_MAX)]
    security_review: Checklist
    exit_criteria: Checklist


class Document(DocumentPart):
    """A page: its surface's name, and what it shows, from top to bottom."""

    v: Literal[1]
    surface: Annotated[str, StringConstraints(min_length=1, max_length=LIMITS.surface_length_max)]
    components: Annotated[tuple[AnyComponent, ...], Field(max_length=LIMITS.components_max)]
    experimental: Experimental | None = None

    def component(self, component_id: str) -> Component | None:
        """Return the component of this id, or None."""
        return next((each for each in self.components if each.id == component_id), None)

    def form(self, component_id: str) -> Form | None:
        """Return the form of this id, or None where there is none or it is something else."""
        found = self.component(component_id)
        return found if isinstance(found, Form) else None


def to_wire(document: Document) -> dict[str, Any]:
    """Return a document as JSON: what is stored, and what the console gets."""
    return document.model_dump(mode="json", by_alias=True, exclude_none=True)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of documents in their stored form."""
    made = Document.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
