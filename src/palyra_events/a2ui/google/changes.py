"""What a client that shows one version of a page is told, so that it shows a later one.

A client keeps what somebody types in the data of the page, beside what we have sent. So it is told what is
different and nothing else: what was typed into a field stays for as long as the field can hold it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from palyra_events.a2ui.document import Document, Form
from palyra_events.a2ui.form_field import SelectField
from palyra_events.a2ui.google.form_view import Field
from palyra_events.a2ui.google.mangling import mangled
from palyra_events.a2ui.google.view import VERSION, drawn

#: stands for a value that is not there any more
_GONE: Final = object()


def changes(before: Document, after: Document, *, version: int | None = None) -> list[dict[str, Any]]:
    """Return what makes a client that shows ``before`` show ``after``, which is the same surface.

    Components that are not shown any more stay in the client, where nothing refers to them: A2UI has no
    message that removes one. ``version`` is that of ``after``.
    """
    shown, wanted = drawn(before), drawn(after, version)
    for form, field in _lasting(before, after):
        # What the client has there counts, whatever the default has become.
        wanted.data["forms"][form][field] = shown.data["forms"][form][field]
    known = {each["id"]: each for each in shown.components}
    components = [each for each in wanted.components if known.get(each["id"]) != each]
    made = [_message("updateComponents", after, components=components)] if components else []
    for path, value in _differences(shown.data, wanted.data):
        told = {} if value is _GONE else {"value": value}
        made.append(_message("updateDataModel", after, path=path, **told))
    return made


def deletion(surface: str) -> dict[str, Any]:
    """Return what makes a client show a surface no more."""
    return {"version": VERSION, "deleteSurface": {"surfaceId": surface}}


def _message(kind: str, document: Document, **told: Any) -> dict[str, Any]:
    return {"version": VERSION, kind: {"surfaceId": document.surface, **told}}


def _lasting(before: Document, after: Document) -> Iterator[tuple[str, str]]:
    """Yield the places of fields that can hold what was filled in before."""
    for form in (each for each in after.components if isinstance(each, Form)):
        known = before.form(form.id)
        fields = {} if known is None else {each.id: each for each in known.props.fields}
        for field in form.props.fields:
            if field.id in fields and _lasts(fields[field.id], field):
                yield mangled(form.id), mangled(field.id)


def _lasts(before: Field, after: Field) -> bool:
    if isinstance(before, SelectField) and isinstance(after, SelectField):
        return {each.value for each in before.options} <= {each.value for each in after.options}
    return before.type == after.type


def _differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what is to be put where, parents first; the names of our data need no escapes in a path."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        if before != after:
            yield path, after
        return
    for name in sorted(before.keys() - after.keys()):
        yield f"{path}/{name}", _GONE
    for name, value in after.items():
        yield from _differences(before.get(name, _GONE), value, f"{path}/{name}")
