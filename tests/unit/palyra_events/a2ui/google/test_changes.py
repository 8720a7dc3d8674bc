from __future__ import annotations

from typing import Any

import pytest

from palyra_events.a2ui import Document, google, normalise

TEXT = {"id": "t", "type": "text", "props": {"value": "one"}}


def page(*components: dict[str, Any]) -> Document:
    return normalise({"v": 1, "surface": "desk", "components": list(components)}).document


def form(*fields: dict[str, Any], form_id: str = "f") -> dict[str, Any]:
    return {"id": form_id, "type": "form", "props": {"fields": list(fields)}}


def table(*cells: str) -> dict[str, Any]:
    return {"id": "rows", "type": "table", "props": {"columns": ["A"], "rows": [[cell] for cell in cells]}}


def changed(before: Document, after: Document, version: int | None = None) -> set[str]:
    """Return the ids of the components that a client is told of."""
    told = google.changes(before, after, version=version)
    updates = [each["updateComponents"] for each in told if "updateComponents" in each]
    return {each["id"] for update in updates for each in update["components"]}


def data(before: Document, after: Document) -> dict[str, Any]:
    """Return what a client is told of its data, by place; what is gone is ``...``."""
    told = google.changes(before, after)
    updates = [each["updateDataModel"] for each in told if "updateDataModel" in each]
    return {each["path"]: each.get("value", ...) for each in updates}


def test_the_same_page_needs_no_word():
    """Nothing is told where nothing is different."""
    shown = page(TEXT, form({"id": "a"}), table("x"))
    assert google.changes(shown, shown) == []


def test_only_what_is_different_is_told():
    """A text that changes is one component; the page around it stays as it is."""
    after = page({**TEXT, "props": {"value": "two"}}, form({"id": "a"}))
    assert google.changes(page(TEXT, form({"id": "a"})), after) == [
        {
            "version": "v0.9",
            "updateComponents": {
                "surfaceId": "desk",
                "components": [{"id": "c_t", "component": "Text", "text": "two"}],
            },
        }
    ]


def test_a_part_that_goes_is_left_out_above_it():
    """No message removes a component: it goes by not being anybody's child."""
    assert changed(page(TEXT, table("x")), page(table("x"))) == {"root"}


def test_rows_are_told_where_they_are():
    """A table is its data: no component is told again for another row."""
    assert changed(page(table("x")), page(table("x", "y"))) == set()
    assert data(page(table("x")), page(table("x", "y"))) == {"/tables/rows": [{"c0": "x"}, {"c0": "y"}]}


def test_data_that_goes_is_removed():
    """A client keeps nothing of a form or a table that is not on the page any more."""
    assert data(page(table("x"), form({"id": "a"})), page(form({"id": "a"}))) == {"/tables": ...}
    before = page(form({"id": "a"}, {"id": "b"}), form({"id": "c"}, form_id="g"))
    assert data(before, page(form({"id": "a"}))) == {"/forms/f/b": ..., "/forms/g": ...}


def test_the_first_form_comes_with_the_place_for_forms():
    """A path into nothing would make a list where the id of a form is a number."""
    assert data(page(TEXT), page(TEXT, form({"id": "a"}, form_id="5"))) == {"/forms": {"5": {"a": ""}}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"id": "a", "default": "x"}, {"id": "a", "default": "y", "label": "Another", "required": True}),
        ({"id": "a", "type": "number", "max": 9}, {"id": "a", "type": "number", "min": 2}),
        (
            {"id": "a", "type": "select", "options": [{"value": "x"}]},
            {"id": "a", "type": "select", "options": [{"value": "y"}, {"value": "x"}]},
        ),
        ({"id": "a", "type": "checkbox"}, {"id": "a", "type": "checkbox", "default": True}),
    ],
)
def test_what_was_typed_stays(before, after):
    """The data of a field that can still hold what was typed is never told again."""
    assert data(page(form(before)), page(form(after))) == {}


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        ({"id": "a"}, {"id": "a", "type": "checkbox"}, False),
        ({"id": "a"}, {"id": "a", "type": "email", "default": "x"}, "x"),
        (
            {"id": "a", "type": "select", "options": [{"value": "x"}, {"value": "y"}]},
            {"id": "a", "type": "select", "options": [{"value": "y"}]},
            ["y"],
        ),
    ],
)
def test_a_field_that_cannot_hold_it_begins_anew(before, after, value):
    """Where the kind is another one, or what was chosen may be gone, the field has its default."""
    assert data(page(form({"id": "z"}, before)), page(form({"id": "z"}, after))) == {"/forms/f/a": value}


def test_a_button_knows_the_page_that_it_is_on():
    """Each version tells the buttons its number, and changes nothing else for it."""
    shown = page(TEXT, form({"id": "a"}))
    assert changed(shown, shown, version=8) == {"c_f_submit"}


def test_a_surface_that_goes_is_deleted():
    """One message takes all of it away."""
    assert google.deletion("desk") == {"version": "v0.9", "deleteSurface": {"surfaceId": "desk"}}
