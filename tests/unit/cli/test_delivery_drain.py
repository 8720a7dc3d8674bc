from __future__ import annotations

import io

import pytest

from palyra_runtime.cli.delivery_drain import describe_drain
from palyra_runtime.cli.page import Page
from palyra_runtime.dispatch import DrainReport, OutboxReport


def said(messages: OutboxReport) -> str:
    """What is said of a drain that carried out one delivery and did this with messages."""
    stream = io.StringIO()
    report = DrainReport(1, 1, 0, 0, 0, 0, waiting=0, next_retry_at=None, messages=messages)
    describe_drain(Page(stream), report)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (OutboxReport(sent=0, retrying=0, dead=0, waiting=0), ""),
        (OutboxReport(sent=2, retrying=0, dead=0, waiting=0), "Messages: 2 sent.\n"),
        (
            OutboxReport(sent=1200, retrying=1, dead=2, waiting=3),
            "Messages: 1,200 sent, 2 given up, 3 waiting.\n",
        ),
    ],
)
def test_a_drain_tells_of_messages_where_there_are_any(messages: OutboxReport, words: str):
    """What was sent, what was given up, and what is still to be tried; without messages, nothing."""
    assert said(messages) == "1 delivery scheduled; 1 succeeded.\n" + words
