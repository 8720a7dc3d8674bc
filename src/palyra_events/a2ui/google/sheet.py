"""The flat list of components that a view grows, and the data that they are bound to."""

from __future__ import annotations

from typing import Any

from palyra_events.a2ui.google.escape import escaped


class Sheet:
    """Components are added one by one; each is named by the one that holds it.

    ``version`` is that of the page, None where it is not known: forms tell it when they are sent off.
    """

    def __init__(self, version: int | None = None) -> None:
        self.version = version
        self.components: list[dict[str, Any]] = []
        self.data: dict[str, Any] = {}

    def add(self, component: str, component_id: str, **props: Any) -> str:
        """Add a component; a property that is None is left out. Returns its id."""
        given = {name: value for name, value in props.items() if value is not None}
        self.components.append({"id": component_id, "component": component, **given})
        return component_id

    def text(self, component_id: str, text: str, **props: Any) -> str:
        """Add a text that is shown as it is."""
        return self.add("Text", component_id, text=escaped(text), **props)

    def store(self, kind: str, name: str, value: Any) -> str:
        """Put a value into the data; returns the path to it."""
        self.data.setdefault(kind, {})[name] = value
        return f"/{kind}/{name}"
