"""``palyra event export``: the log for other programs, one event a line."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime.facade import EventDetail
    from palyra_runtime.records import EventRecord


class Form(StrEnum):
    """What a line holds."""

    NDJSON = "ndjson"
    CLOUDEVENTS = "cloudevents"


@command(
    "export",
    "event export > log.ndjson",
    "event export --after 1000 --until 2000",
    "event export --format cloudevents > events.ndjson",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Form]),
    default=Form.NDJSON.value,
    show_default=True,
    help="What a line is: the event as event show has it, or a CloudEvent 1.0.",
)
@click.option(
    "--after", type=click.IntRange(min=0), default=0, metavar="POSITION", help="Begin after a position."
)
@click.option(
    "--until",
    type=click.IntRange(min=1),
    metavar="POSITION",
    help="End with a position; by default, the newest.",
)
@click.pass_obj
def export(session: Session, form: str, after: int, until: int | None) -> None:
    """Write events in the order of the log, each as JSON on a line of its own.

    What is appended meanwhile is left out: to go on later, give the last position as --after.
    """
    page, count = session.results(), 0
    with session.palyra() as palyra:
        events = palyra.events
        write = events.cloud_event if Form(form) is Form.CLOUDEVENTS else event_record
        for count, detail in enumerate(events.export(after=after, until=until), 1):  # noqa: B007 - it is told
            page.record(write(detail))
    page.flush()
    session.remark(f"{units.plural(count, 'event')} written.")


def event_record(detail: EventDetail) -> EventRecord:
    """Return an event as programs read it."""
    from palyra_runtime.records import EventRecord  # noqa: PLC0415 - help does not wait for it

    return EventRecord.of(detail)
