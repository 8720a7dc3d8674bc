from __future__ import annotations

import io
import json
import logging

import pytest

from palyra_runtime.dispatch import Outgoing, SendFailed
from palyra_runtime.dispatch.sender import ConsoleSender, LogSender


def outgoing(message: object) -> Outgoing:
    return Outgoing("47.1", "c0ffee.47.1", "ops", "echo", message)


def test_receivers_get_one_json_document():
    """It says what the message is, where it was sent, and by whom."""
    assert json.loads(outgoing({"text": "größer"}).document()) == {
        "schema": 1,
        "message_id": "47.1",
        "channel": "ops",
        "plugin_id": "echo",
        "message": {"text": "größer"},
    }


def test_the_console_gets_a_line():
    """The message is shown as JSON, with its channel and its plugin."""
    stream = io.StringIO()

    ConsoleSender(stream).send(outgoing({"text": "größer"}))

    assert stream.getvalue() == 'ops: {"text": "größer"} (from echo)\n'


def test_a_message_commands_no_terminal():
    """What a terminal obeys, or what turns the direction of reading, is not printed; one line stays one."""
    stream = io.StringIO()

    ConsoleSender(stream).send(outgoing("a\n\x1b[2J\x9b31m\u202eb\u2028" + "x" * 100_000))

    (line,) = stream.getvalue().splitlines()
    assert line.isprintable()
    assert len(line) < 600


def test_a_console_that_is_closed_is_a_failed_try():
    """The message is kept, and tried again."""
    stream = io.StringIO()
    stream.close()

    with pytest.raises(SendFailed) as failed:
        ConsoleSender(stream).send(outgoing(1))

    assert failed.value.outcome == "console"


def test_the_log_gets_a_record_in_ascii(caplog: pytest.LogCaptureFixture):
    """Programs that collect logs find the message by the name of its logger."""
    with caplog.at_level(logging.INFO, logger="palyra.channel"):
        LogSender().send(outgoing("größer\x9b\u202e"))

    (record,) = caplog.records
    assert record.name == "palyra.channel"
    assert record.getMessage() == r'ops 47.1 from echo: "gr\u00f6\u00dfer\u009b\u202e"'
