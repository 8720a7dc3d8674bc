"""The fields that a form asks for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StringConstraints
from pydantic.alias_generators import to_camel

from palyra_events.a2ui.limits import LIMITS

#: characters
FIELD_ID_LENGTH_MAX = 48
LABEL_LENGTH_MAX = 64
HINT_LENGTH_MAX = 128
PLACEHOLDER_LENGTH_MAX = 96

#: Texts are bounded in UTF-16 units by normalisation; the schema counts characters, which are never more.
Line = Annotated[str, StringConstraints(max_length=LIMITS.string_length_max)]
Label = Annotated[str, StringConstraints(max_length=LABEL_LENGTH_MAX)]
Number = int | FiniteFloat


class DocumentPart(BaseModel):
    """A part of a document: it never changes, and its names are in camel case on the wire."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


class FormField(DocumentPart):
    """What every field has."""

    id: Annotated[str, StringConstraints(pattern=rf"^[A-Za-z0-9:_-]{{1,{FIELD_ID_LENGTH_MAX}}}$")]
    label: Label
    hint: Annotated[str, StringConstraints(max_length=HINT_LENGTH_MAX)]
    required: bool


class TextField(FormField):
    """A line of text, or an address for mail."""

    type: Literal["text", "email"]
    placeholder: Annotated[str, StringConstraints(max_length=PLACEHOLDER_LENGTH_MAX)]
    default_value: Line


class NumberField(FormField):
    """A number from ``min`` to ``max``, in steps that are counted from ``min``."""

    type: Literal["number"]
    min: Number
    max: Number
    step: Annotated[Number, Field(gt=0)]
    default_value: Number


class SelectOption(DocumentPart):
    """One choice of a select field."""

    label: Label
    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:_-]{1,64}$")]


class SelectField(FormField):
    """One of several choices; there is always one that is chosen."""

    type: Literal["select"]
    options: Annotated[tuple[SelectOption, ...], Field(min_length=1, max_length=LIMITS.select_options_max)]
    default_value: str


class CheckboxField(FormField):
    """Yes or no; where it is required, only yes will do."""

    type: Literal["checkbox"]
    default_value: bool


AnyField = Annotated[TextField | NumberField | SelectField | CheckboxField, Field(discriminator="type")]

#: what a field's value can be
FieldValue = str | int | float | bool
