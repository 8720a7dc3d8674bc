"""``palyra replay explain``: why something is in the log, and what it did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli.command import command
from palyra_runtime.cli.replay_run import describe_findings
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime.cli.page import Page
    from palyra_runtime.replay import Explanation


@command("explain", "replay explain 12:greet", "replay explain 12", "replay explain 12:greet -o json")
@click.argument("what", metavar="DELIVERY|POSITION")
@click.pass_obj
def explain(session: Session, what: str) -> None:
    """Tell why a delivery exists and what it did, and run its attempts again.

    At a POSITION it is the event there, or the delivery, tool run or decision that it belongs to.
    """
    with session.palyra() as palyra:
        explanation = palyra.replay.explain(what)
    session.show(explanation, lambda page: _describe(page, explanation))


def _describe(page: Page, explanation: Explanation) -> None:
    page.line(explanation.subject[:1].upper() + explanation.subject[1:])
    sections = [
        ("Why it is there", explanation.why),
        ("What came of it", explanation.what),
        ("Run again now", explanation.again),
    ]
    for title, sentences in sections:
        if sentences:
            page.heading(title)
            page.items(sentences)
    if explanation.findings:
        page.heading("What differs")
        describe_findings(page, explanation.findings)
