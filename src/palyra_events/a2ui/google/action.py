"""What a client of A2UI v0.9 sends when somebody presses the button of a form."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import starmap
from typing import Any, Final, NamedTuple

from palyra_events.a2ui.google.mangling import unmangled
from palyra_events.a2ui.scalar import is_number, plain_number
from palyra_events.errors import InvalidInput

SUBMIT_EVENT: Final = "a2ui.form.submit"
#: what clients may say that they speak: 0.9.1 has the same messages
_VERSIONS = ("v0.9", "v0.9.1")

#: The context of an action is flat, so a value's key says that it is one, and which.
COMPONENT_KEY: Final = "componentId"
#: of which version of the page the form was
VERSION_KEY: Final = "pageVersion"
VALUE_PREFIX: Final = "values_"
#: of a value that is a number here, and a text in the client's field
NUMBER_PREFIX: Final = "numbers_"


class ActionRefused(InvalidInput):
    """The message is not the submission of one of our forms."""

    code = "ACTION_REFUSED"
    advice = "Send the action message of A2UI v0.9 as the client made it."


class Submission(NamedTuple):
    """Which form was submitted, and what was filled in; nothing of it is checked against the form.

    ``version`` is that of the page that was filled in, None where the button did not know it.
    """

    component_id: str
    values: dict[str, object]
    version: int | None = None


def values_of(message: object, *, surface: str) -> Submission:
    """Return what an ``action`` message of A2UI v0.9 about this surface submits.

    Raises:
        ActionRefused: it is another message, or about another surface.
    """
    action = _member(message, "action")
    context = _member(action, "context")
    _check_frame(message, action, surface)
    component_id, version = context.pop(COMPONENT_KEY, None), context.pop(VERSION_KEY, None)
    if action.get("name") != SUBMIT_EVENT or not isinstance(component_id, str):
        raise ActionRefused(f"The action is not {SUBMIT_EVENT} of a form.")
    if version is not None and (type(version) is not int or version < 1):
        raise ActionRefused("The action names no version of a page.")
    return Submission(component_id, dict(starmap(_value, context.items())), version)


def _check_frame(message: Any, action: Mapping[str, Any], surface: str) -> None:
    """Check what every action has around what it says."""
    if message.get("version") not in _VERSIONS:
        raise ActionRefused("The message is of another version of A2UI than 0.9.")
    if action.get("surfaceId") != surface:
        raise ActionRefused("The action is about another surface.", surface=surface)
    if not isinstance(action.get("timestamp"), str):
        # Without it, the same values on another day would be the same message.
        raise ActionRefused("The action does not say when it was taken.")


def _member(parent: object, name: str) -> dict[str, Any]:
    member = parent.get(name) if isinstance(parent, dict) else None
    if not isinstance(member, dict):
        raise ActionRefused(f"The message has no {name}.")
    return dict(member)


def _value(key: str, value: Any) -> tuple[str, object]:
    if key.startswith(NUMBER_PREFIX):
        return unmangled(key.removeprefix(NUMBER_PREFIX)), _number(value)
    # A choice is a list, also where only one can be chosen.
    is_choice = isinstance(value, list) and len(value) == 1
    return unmangled(key.removeprefix(VALUE_PREFIX)), value[0] if is_choice else value


def _number(value: object) -> object:
    """Return the number that a field's text says, or the text itself: the form's check names it."""
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return plain_number(number) if is_number(number) else value
