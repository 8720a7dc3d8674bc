from __future__ import annotations

from typing import Any

from a2ui.core.basic_catalog.v0_9 import BasicCatalog
from a2ui.core.processing.message_processor import MessageProcessor, MessageProcessorOptions
from a2ui.core.validation.payload_validator import STRICT_VALIDATION

from palyra_events.a2ui import check_values, google, normalise


def view(*components: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages for a page of these components, which Google's library has accepted."""
    raw = {"v": 1, "surface": "desk", "components": list(components)}
    made = google.messages(normalise(raw).document, agent_name="acme.echo")
    options = MessageProcessorOptions(validation_config=STRICT_VALIDATION)
    MessageProcessor([BasicCatalog()], options=options).process_messages(made)
    return made


def components(messages: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the components of the view by their ids."""
    return {each["id"]: each for each in messages[1]["updateComponents"]["components"]}


def test_a_page_is_made_by_the_plugin_that_the_operator_knows():
    """The name beside the page is the plugin's verified one, and the client keeps its data."""
    created = view()[0]
    assert created == {
        "version": "v0.9",
        "createSurface": {
            "surfaceId": "desk",
            "catalogId": "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json",
            "theme": {"agentDisplayName": "acme.echo"},
        },
    }


def test_a_page_without_data_sends_none():
    """Two messages are enough for words."""
    assert len(view({"id": "t", "type": "text", "props": {"value": "Hi"}})) == 2


def test_a_plain_text_is_never_markdown():
    """What a plugin meant as words does not become a link in another client."""
    shown = components(
        view({"id": "a-b", "type": "text", "props": {"value": "[x](//evil)", "tone": "muted"}})
    )
    assert shown["c_a_x2d_b"] == {
        "id": "c_a_x2d_b",
        "component": "Text",
        "text": r"\[x\](//evil)",
        "variant": "caption",
    }


def test_a_table_is_bound_to_its_rows():
    """However many rows there are, the view has one template; cells are escaped in the data."""
    rows = [[f"*{place}*", "x"] for place in range(256)]
    made = view({"id": "t", "type": "table", "props": {"columns": ["A", "B"], "rows": rows}})
    data = made[2]["updateDataModel"]["value"]
    assert len(components(made)) == 10
    assert components(made)["c_t_rows"]["children"] == {"componentId": "c_t_row", "path": "/tables/t"}
    assert (len(data["tables"]["t"]), data["tables"]["t"][7]) == (256, {"c0": r"\*7\*", "c1": "x"})


def test_a_chart_is_drawn_in_characters():
    """Its numbers stay, also those below zero."""
    series = [{"label": "up", "value": 4}, {"label": "down", "value": -2}]
    shown = components(view({"id": "c", "type": "chart", "props": {"title": "T", "series": series}}))
    assert shown["c_c_0"]["text"] == f"up {'█' * 20} 4"
    assert shown["c_c_1"]["text"] == f"down {'▒' * 10} -2"


def test_what_cannot_be_shown_is_said():
    """A component that nobody knows leaves its trace in every client."""
    shown = components(view({"id": "v", "type": "video", "props": {}}))
    assert shown["c_v"]["text"] == "This part of the page cannot be shown: video."


def test_lists_are_numbered_where_they_are():
    """A numbered list keeps its numbers though each item is a text of its own."""
    shown = components(view({"id": "l", "type": "list", "props": {"ordered": True, "items": ["a", "b"]}}))
    assert [shown[f"c_l_{place}"]["text"] for place in (0, 1)] == [r"1\. a", r"2\. b"]


def test_a_form_comes_back_as_it_was_filled_in():
    """What a client makes of the view's own data is what the form takes as its values."""
    fields = [
        {"id": "why:1", "type": "text", "default": "because", "required": True, "hint": "in a word"},
        {"id": "mail", "type": "email"},
        {"id": "days", "type": "number", "default": 7.5, "step": 0.5},
        {"id": "kind", "type": "select", "options": [{"value": "a"}, {"value": "b"}], "default": "b"},
        {"id": "sure", "type": "checkbox", "default": True, "required": True},
    ]
    raw = {"id": "f-1", "type": "form", "props": {"fields": fields}}
    made = view(raw)
    data = made[2]["updateDataModel"]["value"]
    event = components(made)["c_f_x2d_1_submit"]["action"]["event"]
    context = {key: _resolved(value, data) for key, value in event["context"].items()}
    sent = {"surfaceId": "desk", "timestamp": "2026-03-01T12:00:00Z", "context": context}
    message = {"version": "v0.9", "action": {**event, **sent}}
    submission = google.values_of(message, surface="desk")
    form = normalise({"v": 1, "surface": "desk", "components": [raw]}).document.form("f-1")
    assert form is not None
    assert submission.component_id == "f-1"
    assert check_values(form, submission.values) == {
        "why:1": "because",
        "mail": "",
        "days": 7.5,
        "kind": "b",
        "sure": True,
    }


def _resolved(value: Any, data: Any) -> Any:
    """Return what a client puts in the place of a binding."""
    if not isinstance(value, dict):
        return value
    for token in value["path"].split("/")[1:]:
        data = data[token]
    return data


def test_a_button_tells_the_version_of_its_page():
    """Where the version is known, what is sent off says which one was filled in."""
    raw = {"v": 1, "surface": "desk", "components": [{"id": "f", "type": "form", "props": {"fields": []}}]}
    made = google.messages(normalise(raw).document, agent_name="acme.echo", version=4)
    context = components(made)["c_f_submit"]["action"]["event"]["context"]
    assert context == {"componentId": "f", "pageVersion": 4}


def test_an_address_for_mail_may_be_left_out():
    """A field that is not required does not keep the button from being pressed."""
    shown = components(view({"id": "f", "type": "form", "props": {"fields": [{"id": "m", "type": "email"}]}}))
    condition = shown["c_f_submit"]["checks"][0]["condition"]
    assert condition["call"] == "or"
    assert [each["call"] for each in condition["args"]["values"]] == ["not", "email"]
