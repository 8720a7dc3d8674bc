"""Values that people type as NAME=VALUE, or keep in a file as one JSON object."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from palyra_events.strict_json import parse_object
from palyra_runtime.cli.command import Decorator

#: bytes; more than any configuration has, and any form
_VALUES_BYTES_MAX = 1024**2
_STANDARD_INPUT = "-"

values_option: Decorator = click.option(
    "--values",
    "given",
    metavar="FILE",
    help="A file that holds a JSON object of values; - is standard input.",
)


def read_pairs(pairs: Iterable[str], form: str) -> dict[str, str]:
    """Return texts by their names; ``form`` is how help writes such a pair."""
    texts: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"{pair[:80]!r} is not {form}", param_hint=f"'{form}'")
        texts[name] = text
    return texts


def read_values(given: str | None) -> dict[str, Any]:
    """Return the values in a file, none where none was given.

    Raises:
        InvalidJson: it is not one JSON object.
    """
    if given is None:
        return {}
    try:
        content = (
            sys.stdin.buffer.read(_VALUES_BYTES_MAX + 1)
            if given == _STANDARD_INPUT
            else Path(given).read_bytes()
        )
    except OSError as error:
        raise click.BadParameter(
            f"{given} cannot be read: {error.strerror}.", param_hint="'--values'"
        ) from error
    return parse_object(content, size_max=_VALUES_BYTES_MAX)
