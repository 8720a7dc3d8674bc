from __future__ import annotations

import pytest

from palyra_events.a2ui import Document, normalise
from palyra_runtime.cli.surface_value import value_of

FORM = normalise(
    {
        "v": 1,
        "surface": "desk",
        "components": [
            {
                "type": "form",
                "id": "f",
                "props": {
                    "fields": [
                        {"id": "text", "type": "text"},
                        {"id": "email", "type": "email"},
                        {"id": "number", "type": "number"},
                        {"id": "select", "type": "select", "options": [{"value": "7", "label": "seven"}]},
                        {"id": "checkbox", "type": "checkbox"},
                    ]
                },
            }
        ],
    }
).document


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("text", "7", "7"),
        ("email", "yes", "yes"),
        ("select", "7", "7"),
        ("number", "7", 7),
        ("number", "-2.5", -2.5),
        ("number", "many", "many"),
        ("checkbox", " Yes ", True),
        ("checkbox", "true", True),
        ("checkbox", "no", False),
        ("checkbox", "perhaps", "perhaps"),
    ],
)
def test_a_text_becomes_what_the_field_asks_for(name, text, value):
    """What is no number and no yes stays as it was typed, and the form refuses it."""
    assert isinstance(FORM, Document)
    form = FORM.form("f")
    assert form is not None
    (field,) = [field for field in form.props.fields if field.id == name]

    assert value_of(field, text) == value
    assert type(value_of(field, text)) is type(value)
