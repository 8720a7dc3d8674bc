from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from a2ui.core.basic_catalog.v0_9 import BasicCatalog
from a2ui.core.processing.message_processor import MessageProcessor, MessageProcessorOptions
from a2ui.core.validation.payload_validator import STRICT_VALIDATION
from hypothesis import given, settings
from hypothesis import strategies as st

from palyra_events.a2ui import Document, google
from tests.document_strategies import documents

CATALOG = BasicCatalog()
#: what is not shown any more stays in a client, as nobody's child; all other rules hold
RULES = STRICT_VALIDATION.model_copy(update={"allow_orphan_components": True})
TYPED = "typed by a person"


class Client:
    """A client of A2UI as Google's own library is one."""

    def __init__(self, document: Document) -> None:
        options = MessageProcessorOptions(validation_config=RULES)
        self._processor = MessageProcessor([CATALOG], options=options)
        self._name = document.surface
        self.hear(google.messages(document, agent_name="acme.echo"))

    def hear(self, messages: list[dict[str, Any]]) -> None:
        """Take messages, where there are any."""
        if messages:
            self._processor.process_messages(copy.deepcopy(messages))

    @property
    def shown(self) -> dict[str, Any]:
        """The components that are somebody's child, by their ids, with what they are told."""
        components = self._surface.components_model
        found, left = {}, ["root"]
        while left:
            each = components.get(left.pop())
            found[each.id] = each.component_tree
            left += components.get_child_ids(each.id)
        return found

    @property
    def data(self) -> dict[str, Any]:
        """What the components are bound to."""
        return self._surface.data_model.get("/") or {}

    def fill_in(self) -> None:
        """Type into every field."""
        for form, field in fields(self.data):
            self._surface.data_model.set(f"/forms/{form}/{field}", TYPED)

    @property
    def _surface(self) -> Any:
        return self._processor.model.get_surface(self._name)


def fields(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return ((form, field) for form, held in data.get("forms", {}).items() for field in held)


@settings(deadline=None)
@given(st.lists(documents(), min_size=2, max_size=4))
def test_a_client_that_is_told_changes_shows_the_page(pages):
    """Whatever a page becomes, step by step, a client shows what one does that opens it at the end."""
    first, *later = (each.model_copy(update={"surface": "desk"}) for each in pages)
    client, shown = Client(first), first
    for each in later:
        client.hear(google.changes(shown, each))
        shown = each
    fresh = Client(shown)
    assert client.shown == fresh.shown
    assert client.data.get("tables", {}) == fresh.data.get("tables", {})
    assert set(fields(client.data)) == set(fields(fresh.data))


@settings(deadline=None)
@given(documents(), documents())
def test_what_was_typed_stays_or_begins_anew(before, after):
    """No field is left with anything but what was typed into it, or its default on the new page."""
    after = after.model_copy(update={"surface": before.surface})
    client, fresh = Client(before), Client(after).data.get("forms", {})
    client.fill_in()
    client.hear(google.changes(before, after))
    for form, held in client.data.get("forms", {}).items():
        assert all(value in (TYPED, fresh[form][field]) for field, value in held.items())
