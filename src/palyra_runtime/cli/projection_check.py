"""``palyra projection verify|diff|query``: what the views hold, and whether it is right."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command, limit_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections import Difference, Verdict

#: characters of a value in a sentence; the JSON has all of them
_VALUE_MAX = 60


@command("verify", "projection verify hook", "projection verify --all -o json")
@click.argument("views", nargs=-1)
@click.option("--all", "all_views", is_flag=True, help="All views.")
@click.pass_obj
def verify(session: Session, views: tuple[str, ...], *, all_views: bool) -> None:
    """Fold the log again, and compare the rows of VIEWS with what it gives, one by one.

    Each difference is named. The exit code is 6 where there is one. Nothing is changed, and the views
    are read and folded as usual meanwhile.
    """
    if bool(views) == all_views:
        raise click.UsageError("Name views, or say --all.")
    with session.palyra() as palyra, session.progress("verifying") as progress:
        verdicts = palyra.projections.verify(views or None, progress)
    session.show(verdicts, lambda page: _describe(page, verdicts, "the log gives"))
    _check(verdicts)


@command("diff", "projection diff hook", "projection diff hook -o json")
@click.argument("view")
@click.pass_obj
def diff(session: Session, view: str) -> None:
    """Compare the live build of VIEW with the one before it, row by row; each as it stands."""
    with session.palyra() as palyra:
        verdict = palyra.projections.diff(view)
    session.show(verdict, lambda page: _describe(page, [verdict], "before:"))
    _check([verdict])


@command(
    "query",
    'projection query "SELECT hook_id, count(*) AS n FROM delivery WHERE valid_to IS NULL GROUP BY 1"',
)
@click.argument("select")
@limit_option(1000)
@click.pass_obj
def query(session: Session, select: str, limit: int) -> None:
    """Answer SELECT, a question in SQL over the live tables of the views; nothing can be written.

    The tables are those of palyra projection show, without the number of the build. A row of a
    temporal table holds now where its valid_to is NULL.
    """
    with session.palyra() as palyra:
        answer = palyra.projections.query(select, limit=limit)
    columns: list[Column[Sequence[object]]] = [
        Column(name.upper(), itemgetter(place)) for place, name in enumerate(answer.columns)
    ]
    session.list(
        answer.rows,
        columns,
        empty="There is no such row.",
        record=lambda row: dict(zip(answer.columns, row, strict=True)),
    )


def _check(verdicts: Sequence[Verdict]) -> None:
    from projections import ViewDiffers  # noqa: PLC0415 - help does not wait for databases

    bad = [verdict.name for verdict in verdicts if not verdict.is_good]
    if bad:
        raise ViewDiffers(f"Not as it should be: {', '.join(bad)}.", views=bad)


def _describe(page: Page, verdicts: Sequence[Verdict], other: str) -> None:
    for verdict in verdicts:
        if verdict.failure is not None:
            page.line(f"{verdict.name} cannot be derived: {verdict.failure}")
            continue
        count = units.plural(verdict.differences_count, "difference")
        found = count if verdict.differences_count else "no difference"
        page.line(f"{verdict.name} at position {verdict.position}: {found}")
        page.items([_told(each, other) for each in verdict.differences])


def _told(each: Difference, other: str) -> str:
    key = ", ".join(f"{name} {value}" for name, value in each.key.items())
    if each.column is None:
        there = "is there, and should not be" if each.derived is None else "is missing"
        return f"{each.table}, {key}: {there}"
    return f"{each.table}, {key}: {each.column} is {_value(each.live)}; {other} {_value(each.derived)}"


def _value(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= _VALUE_MAX else text[: _VALUE_MAX - 1] + "…"
