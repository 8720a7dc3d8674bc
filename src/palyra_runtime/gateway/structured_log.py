"""Log lines for people and for programs: one line each, on one stream."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal, TextIO, TypeAlias

from palyra_runtime.sandbox.text import plain_text

LogFormat: TypeAlias = Literal["text", "json"]

#: the attribute of a log record that holds values beside its words
_FIELDS = "palyra_fields"
#: the loggers that are shown: our packages, the channel of messages, and the web server
_LOGGERS = ("palyra", "palyra_events", "palyra_runtime", "projections", "uvicorn")


def fields(**values: object) -> dict[str, object]:
    """Return values for a program beside the words of a log line, as ``extra`` of a logging call."""
    return {_FIELDS: values}


class TextFormatter(logging.Formatter):
    """``2026-01-31T09:00:00.000Z WARNING worker-1 the words code=…``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; what is said by strangers in it is made harmless."""
        values = "".join(f" {name}={value}" for name, value in _values(record).items())
        line = f"{_moment(record)} {record.levelname} {record.threadName} {record.getMessage()}{values}"
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return plain_text(line) + trace


class JsonFormatter(logging.Formatter):
    """One JSON object a line, in ASCII: no log viewer reads commands out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        document: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "thread": record.threadName,
            "message": record.getMessage(),
            **_values(record),
        }
        if record.exc_info:
            document["trace"] = self.formatException(record.exc_info)
        return json.dumps(document, default=str)


@contextmanager
def logging_to(stream: TextIO, log_format: LogFormat) -> Iterator[None]:
    """Write the log lines of our packages to ``stream`` while the block runs, from INFO on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, (level, propagate) in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate


def _values(record: logging.LogRecord) -> Mapping[str, object]:
    values: Mapping[str, object] = getattr(record, _FIELDS, {})
    return values


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return f"{moment.replace(tzinfo=None).isoformat('T', 'milliseconds')}Z"
