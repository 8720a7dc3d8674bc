"""``palyra delivery attempts``: what each attempt was told, what it said, and what it cost."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

import click

from palyra_runtime.cli import document, units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.point import at_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from palyra_runtime.facade import AttemptDetail

ValueT = TypeVar("ValueT")

_COLUMNS: Sequence[Column[AttemptDetail]] = (
    Column("ATTEMPT", lambda each: each.row.attempt, is_number=True),
    Column("ROUND", lambda each: each.row.round, is_number=True),
    Column("OUTCOME", lambda each: each.row.outcome, is_whole=True),
    Column("EXIT", lambda each: each.row.exit_code, is_number=True),
    Column("FUEL", lambda each: _known(each.row.fuel_units, units.count), is_number=True),
    Column("DURATION", lambda each: _known(each.row.duration_us, units.duration), is_number=True),
    Column("RECORDED (UTC)", lambda each: units.short_moment(each.row.recorded_at), is_whole=True),
)


@command(
    "attempts",
    "delivery attempts 12:greet",
    "delivery attempts 12:greet --attempt 2 --with input --with transcript",
    "delivery attempts 12:greet --with logs -o ndjson",
)
@click.argument("delivery")
@click.option("--attempt", type=click.IntRange(min=1), metavar="N", help="Only this attempt.")
@click.option(
    "--with",
    "documents",
    type=click.Choice(["input", "transcript", "output", "logs"]),
    multiple=True,
    help="Also what the plugin was told, its calls to the host, its answer, its log lines. Repeatable.",
)
@at_option
@click.pass_obj
def attempts(
    session: Session,
    delivery: str,
    attempt: int | None,
    documents: tuple[str, ...],
    at: datetime | int | None,
) -> None:
    """List the attempts of DELIVERY, with as much of each as you ask for."""
    with session.palyra() as palyra:
        found = palyra.deliveries.attempts(delivery, at=at)
    chosen = [each for each in found if attempt is None or each.row.attempt == attempt]
    if session.is_for_people and chosen and (documents or attempt is not None):
        _describe(session.results(), chosen, documents)
        return
    session.list(
        chosen,
        _COLUMNS,
        empty="There is no such attempt.",
        record=lambda each: attempt_record(each, documents),
    )


def attempt_record(attempt: AttemptDetail, documents: Collection[str]) -> dict[str, object]:
    """Return an attempt for programs, with these of its documents."""
    shown = {name: getattr(attempt, name) for name in _DOCUMENTS if name in documents}
    return {**document.plain(attempt.row), **shown}


def describe_attempt(page: Page, attempt: AttemptDetail, documents: Collection[str]) -> None:
    """Write an attempt, with these of its documents, where they are kept."""
    row = attempt.row
    page.fields(
        [
            ("outcome", row.outcome),
            ("message", row.message),
            ("round", row.round if row.round > 1 else None),
            ("exit code", row.exit_code),
            ("release", f"{row.skill_id} {row.skill_version}" if row.skill_id else None),
            ("fuel", _known(row.fuel_units, units.count)),
            ("memory", _known(row.memory_bytes_peak, units.size)),
            ("duration", _known(row.duration_us, units.duration)),
            ("recorded", f"{units.moment(row.recorded_at)} at position {row.position}"),
            ("next at", units.moment(row.retry_at)),
        ]
    )
    for name, text in _DOCUMENTS.items():
        value = getattr(attempt, name)
        if name in documents and value:
            page.line(name)
            page.block(text(value))


def _describe(page: Page, chosen: Sequence[AttemptDetail], documents: Collection[str]) -> None:
    for number, attempt in enumerate(chosen):
        title = f"Attempt {attempt.row.attempt}"
        page.heading(title) if number else page.line(title)
        describe_attempt(page, attempt, documents)


def _known(value: ValueT | None, format_value: Callable[[ValueT], str]) -> str | None:
    return None if value is None else format_value(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _log_lines(lines: Any) -> str:
    return "\n".join(f"{line['level']:<7}  {line['text']}" for line in lines)


def _calls(calls: Any) -> str:
    """Return host calls, each on a line with its answer."""
    return "\n".join(json.dumps(call, ensure_ascii=False) for call in calls)


#: the documents of an attempt, in the order of time, each with how people read it
_DOCUMENTS: dict[str, Callable[[Any], str]] = {
    "input": _text,
    "transcript": _calls,
    "output": _text,
    "logs": _log_lines,
}
