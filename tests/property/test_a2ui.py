from __future__ import annotations

import io
import json
import re
from contextlib import suppress

from a2ui.core.basic_catalog.v0_9 import BasicCatalog
from a2ui.core.processing.message_processor import MessageProcessor, MessageProcessorOptions
from a2ui.core.validation.payload_validator import STRICT_VALIDATION
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from palyra_events.a2ui import (
    Document,
    DocumentRefused,
    Form,
    FormInvalid,
    PatchRefused,
    apply_patch,
    check_values,
    google,
    normalise,
    parse_patch,
    patched,
    replace_all,
    schema,
    to_wire,
)
from palyra_events.a2ui.google.escape import escaped, rewritten
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.surface_page import write_document
from tests.document_strategies import JSON, RAW_DOCUMENTS, TEXTS, documents, patches

VALIDATOR = Draft202012Validator(schema())
CATALOG = BasicCatalog()
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@given(RAW_DOCUMENTS)
def test_normalised_twice_is_normalised_once(raw):
    """What was mended needs no mending, so a page never changes by being looked at."""
    document = normalise(raw).document
    again = normalise(to_wire(document))
    assert again.document == document
    assert again.problems == ()


@given(RAW_DOCUMENTS)
def test_every_document_is_of_the_schema(raw):
    """The schema that the console's types are made from describes all that is ever stored."""
    wire = to_wire(normalise(raw).document)
    assert list(VALIDATOR.iter_errors(wire)) == []
    assert Document.model_validate(json.loads(json.dumps(wire))) == Document.model_validate(wire)


@given(JSON | st.fixed_dictionaries({"v": JSON, "surface": JSON, "components": JSON, "experimental": JSON}))
def test_anything_is_a_document_or_is_refused(raw):
    """No value of JSON makes the host fail."""
    before = repr(raw)
    with suppress(DocumentRefused):
        normalise(raw)
    assert repr(raw) == before


@given(documents(), st.data())
def test_a_patch_is_applied_whole_or_not_at_all(document, data):
    """Whatever a patch says, the document given stays, and what comes of it needs no mending."""
    before = to_wire(document)
    made = document
    with suppress(PatchRefused):
        made = apply_patch(document, data.draw(patches(before))).document
    assert to_wire(document) == before
    assert normalise(to_wire(made)).document == made


@given(documents(), st.data())
def test_a_patch_is_its_operations_one_by_one(document, data):
    """Operations are applied in their order, each to what the one before has left."""
    value = to_wire(document)
    patch = data.draw(patches(value))
    try:
        whole = patched(value, parse_patch(patch))
    except PatchRefused:
        return
    for op in patch["ops"]:
        value = patched(value, parse_patch({"v": 1, "ops": [op]}))
    assert repr(value) == repr(whole)


@given(documents(), documents())
def test_replacing_everything_is_the_other_document(one, other):
    """The patch that puts a value in the place of everything does just that."""
    assert patched(to_wire(one), parse_patch(replace_all(to_wire(other)))) == to_wire(other)


@given(documents(), st.data())
def test_adding_and_removing_changes_nothing(document, data):
    """What was added last and is removed again leaves no trace."""
    raw = data.draw(RAW_DOCUMENTS)["components"]
    value = {"op": "add", "path": "/components/-", "value": raw[0] if raw else None}
    place = f"/components/{len(document.components)}"
    patch = {"v": 1, "ops": [value, {"op": "remove", "path": place}]}
    assert apply_patch(document, patch).document == document


@given(documents())
def test_forms_take_their_own_defaults_but_for_what_is_required(document):
    """A form that is submitted as it is shown is refused only for fields that must be filled in."""
    for form in (each for each in document.components if isinstance(each, Form)):
        shown = {field.id: field.default_value for field in form.props.fields}
        assert outcome(form, {}) == outcome(form, shown)
        assert outcome(form, shown) in (shown, {"required"}, {"invalid_email"}, {"required", "invalid_email"})


def outcome(form: Form, values: dict[str, object]) -> object:
    """Return the values that are taken, or the codes of what is wrong with them."""
    try:
        return check_values(form, values)
    except FormInvalid as refused:
        return {problem.code for problem in refused.details["problems"]}


@settings(max_examples=150, deadline=None)
@given(documents())
def test_googles_validator_accepts_every_page(document):
    """The view for other clients is valid A2UI v0.9, by the judgement of Google's own library."""
    processor = MessageProcessor(
        [CATALOG], options=MessageProcessorOptions(validation_config=STRICT_VALIDATION)
    )
    processor.process_messages(google.messages(document, agent_name="acme.echo"))


@given(TEXTS)
def test_escaped_text_is_only_text(text):
    """Plain text that A2UI's Text shows as Markdown shows as it is: no link, no list, no emphasis."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(escaped(text))
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for child in inline} <= {"text", "softbreak", "hardbreak", "text_special"}


@given(TEXTS)
def test_rewritten_markdown_has_no_more_than_documents_know(text):
    """No image, no HTML and no unchecked address reaches another client."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(rewritten(text))
    children = [child for token in tokens for child in token.children or ()]
    targets = [child.attrs["href"] for child in children if child.type == "link_open"]
    assert not {token.type for token in tokens} & {"html_block", "fence", "code_block", "blockquote_open"}
    assert not {child.type for child in children} & {"image", "html_inline"}
    assert all(re.match(r"https?://|mailto:|/(?![/\\])", str(target)) for target in targets)


@given(documents())
def test_no_byte_that_a_terminal_obeys_is_written(document):
    """Whatever a plugin shows, a terminal only shows it too."""
    stream = io.StringIO()
    write_document(Page(stream, width=80), document)
    assert not UNSAFE.search(stream.getvalue())
