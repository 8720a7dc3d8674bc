"""What a guest may answer."""

from __future__ import annotations

from typing import Any

from palyra_events.strict_json import InvalidJson, parse_object

#: bytes; the sandbox takes no limit above this
OUTPUT_BYTES_MAX = 16 * 1024**2

#: the keys of an output and the type of their values; ``result`` may be any JSON
_KEYS: dict[str, type] = {"result": object, "a2ui": dict, "annotations": dict, "retry": bool}


class BadOutput(ValueError):
    """The output is not what the contract asks for; the message says why."""


def parse_output(data: bytes) -> dict[str, Any] | None:
    """Return the guest's output, or None where it wrote nothing.

    An output is one UTF-8 JSON object with no other keys than ``result``, ``a2ui``,
    ``annotations`` and ``retry``.

    Raises:
        BadOutput: it is anything else.
    """
    if not data:
        return None
    try:
        output = parse_object(data, size_max=OUTPUT_BYTES_MAX)
    except InvalidJson as error:
        raise BadOutput(f"The output is refused. {error.message}") from error
    if not output.keys() <= _KEYS.keys():
        raise BadOutput(f"The output has other keys than {', '.join(_KEYS)}.")
    for key, value in output.items():
        if not isinstance(value, _KEYS[key]):
            raise BadOutput(f"The output's {key!r} is not of the type that the contract asks for.")
    return output
