"""What is sent to clients of A2UI, by Google's own schemas and validator."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from a2ui.core import RELAXED_VALIDATION, STRICT_VALIDATION
from a2ui.core.basic_catalog.v0_9 import BasicCatalog
from a2ui.core.exceptions import A2uiError
from a2ui.core.processing.message_processor import MessageProcessor, MessageProcessorOptions
from hypothesis import HealthCheck, given, settings

from palyra_events.a2ui import google, normalise
from tests.document_strategies import documents
from tests.interop.desk import hostile_page, page_of_each_kind
from tests.interop.google_schemas import GoogleSchemas
from tests.interop.project import installed

CORPUS = json.loads((Path(__file__).parents[1] / "corpus/a2ui/documents.json").read_text(encoding="utf-8"))
CATALOG = BasicCatalog()

Messages = list[dict[str, Any]]


@pytest.fixture(scope="module")
def schemas() -> GoogleSchemas:
    """The schemas, from the package that the pages are built with."""
    return GoogleSchemas(installed())


def messages(raw: object) -> Messages:
    return google.messages(normalise(raw).document, agent_name="acme.echo", version=7)


def process(made: Messages, rules: Any = STRICT_VALIDATION) -> None:
    """Let Google's library take messages, as a client of its does."""
    options = MessageProcessorOptions(validation_config=rules)
    MessageProcessor([CATALOG], options=options).process_messages(copy.deepcopy(made))


def test_the_schemas_take_their_own_examples(schemas):
    """All 43 published pages are valid as the schemas are read here, so that what is refused is wrong."""
    assert [schemas.problems(each) for each in schemas.examples] == [[]] * 43


def test_the_validator_takes_googles_own_examples(schemas):
    """All of them again, by the rules for pages that come bit by bit, as two of them do."""
    for example in schemas.examples:
        process(example, RELAXED_VALIDATION)


@pytest.mark.parametrize(
    "raw",
    [case["given"] for case in CORPUS if "document" in case["expect"]]
    + [page_of_each_kind(), hostile_page()],
)
def test_pages_are_messages_by_googles_schemas(schemas, raw):
    """Each document of the corpus, one with every component and one of hostile words is valid A2UI v0.9."""
    made = messages(raw)
    assert schemas.problems(made) == []
    assert schemas.problems({"messages": made}, "server_to_client_list_wrapper.json") == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents(), documents())
def test_changes_are_messages_by_googles_schemas(schemas, before, after):
    """Whatever is shown, and whatever it becomes, what a client is told of it is valid A2UI v0.9."""
    after = after.model_copy(update={"surface": before.surface})
    told = google.messages(before, agent_name="acme.echo")
    told += google.changes(before, after, version=2)
    assert schemas.problems([*told, google.deletion(before.surface)]) == []


def test_what_a_button_sends_is_a_message_of_a_client(schemas):
    """The action that comes back has the form that Google's schema asks of clients."""
    event = next(each for each in _components(messages(page_of_each_kind())) if "action" in each)["action"]
    action = {
        **event["event"],
        "surfaceId": "kinds",
        "sourceComponentId": "c_decide_submit",
        "timestamp": "2026-03-01T12:00:00.000Z",
    }
    assert schemas.problems({"version": "v0.9", "action": action}, "client_to_server.json") == []


def _components(made: Messages) -> list[dict[str, Any]]:
    return made[1]["updateComponents"]["components"]


def _component(made: Messages, component_id: str) -> dict[str, Any]:
    return next(each for each in _components(made) if each["id"] == component_id)


#: what could be wrong with messages, each of them seen by the schemas alone
MALFORMED: dict[str, Callable[[Messages], object]] = {
    "no version": lambda made: made[0].pop("version"),
    "another version": lambda made: made[0].update(version="v0.8"),
    "two messages in one": lambda made: made[0].update(made[1]),
    "no catalog": lambda made: made[0]["createSurface"].pop("catalogId"),
    "a surface without a name": lambda made: made[1]["updateComponents"].pop("surfaceId"),
    "a name that is a number": lambda made: made[0]["createSurface"].update(surfaceId=123),
    "no components": lambda made: _components(made).clear(),
    "a component without an id": lambda made: _components(made)[0].pop("id"),
    "a component that nobody knows": lambda made: _components(made)[0].update(component="Marquee"),
    "a property that nobody knows": lambda made: _components(made)[0].update(tone="loud"),
    "a property of the wrong type": lambda made: _component(made, "root").update(children="c_head"),
    "a property that is missing": lambda made: _component(made, "c_head").pop("text"),
    "a word that nobody knows": lambda made: _component(made, "c_decide_submit").update(variant="huge"),
}

#: what can be wrong with the tree of the components, or with what they are bound to
MISSHAPEN: dict[str, Callable[[Messages], object]] = {
    "an id twice": lambda made: _components(made).append(dict(_component(made, "c_head"))),
    "no root": lambda made: _components(made).remove(_component(made, "root")),
    "a child that is not there": lambda made: _component(made, "root")["children"].append("nobody"),
    "an only child that is not there": lambda made: _component(made, "c_decide").update(child="nobody"),
    "a template that is not there": lambda made: _component(made, "c_waiting_rows")["children"].update(
        componentId="nobody"
    ),
    "its own child": lambda made: _component(made, "c_decide").update(child="c_decide"),
    "its own grandchild": lambda made: _component(made, "c_decide_column").update(children=["c_decide"]),
    "nobody's child": lambda made: _component(made, "root")["children"].remove("c_head"),
    "a path that is none": lambda made: _component(made, "c_decide_field_why").update(
        value={"path": "/forms/~2"}
    ),
    "a function that nobody knows": lambda made: _component(made, "c_decide_submit").update(
        checks=[{"condition": {"call": "guess", "args": {}}, "message": "?"}]
    ),
}


@pytest.mark.parametrize("harm", MALFORMED)
def test_the_schemas_see_what_is_malformed(schemas, harm):
    """A mistake of ours would be seen: each of these makes a valid page one that is refused."""
    made = messages(page_of_each_kind())
    MALFORMED[harm](made)
    assert schemas.problems(made) != []


@pytest.mark.parametrize("harm", MISSHAPEN)
def test_the_validator_sees_what_is_misshapen(harm):
    """A page that no client could draw is refused, and ours are judged by the same rules."""
    made = messages(page_of_each_kind())
    process(made)
    MISSHAPEN[harm](made)
    with pytest.raises(A2uiError):
        process(made)
