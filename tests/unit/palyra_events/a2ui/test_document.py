from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from palyra_events.a2ui import Document, normalise, schema, to_wire

PAGE = {
    "v": 1,
    "surface": "desk",
    "components": [
        {"id": "t", "type": "text", "props": {"value": "Hello"}},
        {"id": "f", "type": "form", "props": {"fields": [{"id": "a"}]}},
    ],
}


def test_the_schema_is_a_schema():
    """Other programs can make types of it, and it names every kind of component."""
    Draft202012Validator.check_schema(schema())
    types = schema()["properties"]["components"]["items"]["discriminator"]["mapping"]
    assert sorted(types) == ["chart", "form", "list", "markdown", "table", "text", "unsupported"]


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"surface": ""},
        {"extra": 1},
        {"components": [{"id": "t", "type": "video", "props": {}}]},
        {"components": [{"id": "a b", "type": "text", "props": {"tone": "normal", "value": ""}}]},
        {"components": [{"id": "t", "type": "text", "props": {"tone": "loud", "value": ""}}]},
        {"components": [{"id": "t", "type": "text", "props": {"tone": "normal", "value": "y" * 513}}]},
    ],
)
def test_models_and_schema_refuse_the_same(change):
    """What is not in the stored form is neither a document nor of the schema."""
    wire = {**to_wire(normalise(PAGE).document), **change}
    assert list(Draft202012Validator(schema()).iter_errors(wire))
    with pytest.raises(ValidationError):
        Document.model_validate(wire)


def test_components_are_found_by_their_ids():
    """A submission names the form by its id; what is something else is no form."""
    document = normalise(PAGE).document
    form = document.form("f")
    assert form is not None
    assert form.id == "f"
    assert (document.form("t"), document.form("x"), document.component("x")) == (None, None, None)


def test_the_wire_form_leaves_out_what_is_not_there():
    """A page that is no experiment does not say so."""
    assert list(to_wire(normalise(PAGE).document)) == ["v", "surface", "components"]
