"""Words of strangers, made fit to be kept and shown."""

from __future__ import annotations

MESSAGE_LENGTH_MAX = 500


def plain_text(text: str) -> str:
    """Return ``text`` as one bounded line without control characters.

    Messages of the engine quote names out of the module, and those can hold terminal commands.
    """
    # Cut first: a message can quote a name of megabytes.
    line = " ".join(text[: 4 * MESSAGE_LENGTH_MAX].split())
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)[
        :MESSAGE_LENGTH_MAX
    ]
