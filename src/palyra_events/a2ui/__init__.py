"""A2UI documents: pages that plugins show, as data that is checked, patched and filled in."""

from palyra_events.a2ui.document import (
    MEDIA_TYPE,
    AnyComponent,
    Chart,
    ChartPoint,
    Component,
    Document,
    Form,
    List,
    Markdown,
    Table,
    Text,
    Tone,
    Unsupported,
    schema,
    to_wire,
)
from palyra_events.a2ui.envelope import EnvelopeFault, EnvelopeInvalid, check_envelope
from palyra_events.a2ui.form_check import FormInvalid, check_values
from palyra_events.a2ui.form_field import FieldValue
from palyra_events.a2ui.limits import LIMITS, Limits
from palyra_events.a2ui.link import safe_url
from palyra_events.a2ui.normalisation import Normalised, normalise
from palyra_events.a2ui.patch import Patch, PatchCode, PatchFault, PatchRefused, parse_patch, replace_all
from palyra_events.a2ui.patching import apply_patch, patched
from palyra_events.a2ui.problem import Problem, ProblemCode
from palyra_events.a2ui.refusal import DocumentRefused, DocumentTooLarge
from palyra_events.a2ui.scalar import number_text

__all__ = [
    "LIMITS",
    "MEDIA_TYPE",
    "AnyComponent",
    "Chart",
    "ChartPoint",
    "Component",
    "Document",
    "DocumentRefused",
    "DocumentTooLarge",
    "EnvelopeFault",
    "EnvelopeInvalid",
    "FieldValue",
    "Form",
    "FormInvalid",
    "Limits",
    "List",
    "Markdown",
    "Normalised",
    "Patch",
    "PatchCode",
    "PatchFault",
    "PatchRefused",
    "Problem",
    "ProblemCode",
    "Table",
    "Text",
    "Tone",
    "Unsupported",
    "apply_patch",
    "check_envelope",
    "check_values",
    "normalise",
    "number_text",
    "parse_patch",
    "patched",
    "replace_all",
    "safe_url",
    "schema",
    "to_wire",
]
