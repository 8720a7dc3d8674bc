from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable

from palyra_runtime.gateway import logging_to
from palyra_runtime.gateway.structured_log import fields

_log = logging.getLogger("palyra_runtime.test")


def lines(log_format: str, *deeds: Callable[[], None]) -> list[str]:
    stream = io.StringIO()
    with logging_to(stream, log_format):
        for deed in deeds:
            deed()
    return stream.getvalue().splitlines()


def test_a_line_for_people_is_one_line():
    """Time, level, thread and words, then the values; a stranger's words cannot make a second line."""
    (line,) = lines("text", lambda: _log.warning("said %s", "a\n\x1b[2Jb", extra=fields(code="X")))

    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING MainThread said a .\[2Jb code=X", line
    )


def test_a_line_for_programs_is_an_object():
    """The words and the values are members, all in ASCII."""
    (line,) = lines("json", lambda: _log.info("né\x1b", extra=fields(position=7)))

    document = json.loads(line)
    assert line.isascii()
    assert (document["level"], document["message"], document["position"]) == ("info", "né\x1b", 7)
    assert (document["logger"], document["thread"]) == ("palyra_runtime.test", "MainThread")


def test_a_mistake_has_its_trace():
    """What nobody foresaw is told with the place where it happened."""

    def slip() -> None:
        try:
            {}["slip"]
        except KeyError:
            _log.exception("failed")

    (line,) = lines("json", slip)
    (first, *trace) = lines("text", slip)
    assert "KeyError: 'slip'" in json.loads(line)["trace"]
    assert first.endswith("failed")
    assert trace[-1] == "KeyError: 'slip'"


def test_afterwards_logging_is_as_it_was():
    """A program that embeds a gateway keeps its own handlers and levels."""
    logger = logging.getLogger("palyra_runtime")
    before = (logger.level, logger.propagate, list(logger.handlers))

    lines("text", lambda: _log.info("x"))

    assert (logger.level, logger.propagate, list(logger.handlers)) == before
