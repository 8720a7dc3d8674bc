from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from a2ui.core.basic_catalog.v0_9 import BasicCatalog
from a2ui.core.processing.message_processor import MessageProcessor, MessageProcessorOptions
from a2ui.core.validation.payload_validator import STRICT_VALIDATION
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from palyra_events.a2ui import Document, google, normalise, schema, to_wire
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.surface_page import write_document

PAYLOADS = json.loads((Path(__file__).parents[1] / "corpus/a2ui/hostile.json").read_text(encoding="utf-8"))
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
#: what a document cannot say
FOREIGN = {"html_block", "html_inline", "image", "fence", "code_block", "table_open"}

each_payload = pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: repr(payload)[:40])


def everywhere(payload: str) -> Document:
    """Return a page with a text in each place where a plugin can put one."""
    fields = [
        {"id": payload, "label": payload, "hint": payload, "placeholder": payload, "default": payload},
        {"id": "s", "type": "select", "options": [{"label": payload, "value": payload}], "default": payload},
        {"id": "n", "type": "number", "label": payload},
        {"id": "k", "type": "checkbox", "label": payload},
    ]
    components: list[dict[str, Any]] = [
        {"id": payload, "type": "text", "props": {"value": payload, "tone": payload}},
        {"type": "markdown", "props": {"value": payload}},
        {"type": "list", "props": {"items": [payload, {payload: payload}]}},
        {"type": "table", "props": {"columns": [payload, "B"], "rows": [[payload, [payload]]]}},
        {"type": "form", "props": {"title": payload, "submitLabel": payload, "fields": fields}},
        {"type": "chart", "props": {"title": payload, "series": [{"label": payload, "value": 1}]}},
        {"type": payload, "props": {payload: payload}, payload: payload},
    ]
    return normalise({"v": 1, "surface": "desk", "components": components}).document


@each_payload
def test_a_hostile_page_is_a_page(payload):
    """What a plugin writes is data, whatever it looks like: it is kept, bounded, and of the schema."""
    wire = to_wire(everywhere(payload))
    assert list(Draft202012Validator(schema()).iter_errors(wire)) == []
    assert normalise(json.loads(json.dumps(wire))).problems == ()


@each_payload
def test_a_terminal_only_shows_it(payload):
    """No control, no escape and no direction reaches the terminal."""
    stream = io.StringIO()
    write_document(Page(stream, width=80), everywhere(payload))
    assert not UNSAFE.search(stream.getvalue())


@each_payload
def test_another_client_only_shows_it(payload):
    """In the view for other clients no text has an image or HTML, and only Markdown has links."""
    messages = google.messages(everywhere(payload), agent_name="acme.echo")
    processor = MessageProcessor(
        [BasicCatalog()], options=MessageProcessorOptions(validation_config=STRICT_VALIDATION)
    )
    processor.process_messages(messages)
    for component_id, text in shown_as_markdown(messages):
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        children = [child for token in tokens for child in token.children or ()]
        targets = [str(child.attrs["href"]) for child in children if child.type == "link_open"]
        assert {each.type for each in (*tokens, *children)}.isdisjoint(FOREIGN)
        assert targets == [] or component_id == "c_component_x2d_2"
        assert all(target.startswith("https://evil.example/") for target in targets)


def shown_as_markdown(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return every text that a client reads as Markdown: of components, and of cells in the data."""
    components = messages[1]["updateComponents"]["components"]
    texts = [(each["id"], each["text"]) for each in components if isinstance(each.get("text"), str)]
    tables = messages[2]["updateDataModel"]["value"]["tables"]
    return texts + [("cell", cell) for rows in tables.values() for row in rows for cell in row.values()]
