from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import BaseModel

from palyra_runtime.cli import document


class Colour(StrEnum):
    RED = "red"


class Model(BaseModel):
    name: str
    colour: Colour


@dataclass(frozen=True)
class Row:
    name: str
    when: datetime | None
    inner: Model


def row(name="a"):
    when = datetime(2026, 1, 31, 10, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
    return Row(name, when, Model(name="m", colour=Colour.RED))


def test_a_row_becomes_an_object_with_its_field_names():
    """Rows, models in them, enumerations and times have their form in JSON."""
    assert document.plain(row()) == {
        "name": "a",
        "when": "2026-01-31T09:00:00.250000Z",
        "inner": {"name": "m", "colour": "red"},
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (2**63, 2**63),
        (1.5, 1.5),
        ("text", "text"),
        (Colour.RED, "red"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Path("a/b"), "a/b"),
        (b"\x00\xff", "00ff"),
        ((1, (2,)), [1, [2]]),
        ({Colour.RED: [None]}, {"red": [None]}),
    ],
)
def test_each_kind_of_value_has_a_form(value, shown):
    """Numbers stay numbers, bytes are hexadecimal, tuples are arrays."""
    assert document.plain(value) == shown


def test_a_value_without_a_form_is_a_mistake():
    """A program never reads the name of a Python object by accident."""
    with pytest.raises(TypeError, match="object has no form in JSON"):
        document.plain(object())


def test_a_line_is_one_line():
    """Each object of a stream stands on a line of its own, whatever is in it."""
    line = document.line(row("a\nb\u2028c"))

    assert line.splitlines() == [line]
    assert json.loads(line)["name"] == "a\nb\u2028c"


def test_a_document_is_readable_by_people_too():
    """Letters of any script are not escaped, and members stand on lines of their own."""
    assert document.document({"greeting": "привет 鍵"}) == '{\n  "greeting": "привет 鍵"\n}'
