"""``palyra replay try``: what a module would have changed, had it run in place of the one that did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.command import command
from palyra_runtime.cli.point import POINT, POINT_METAVAR
from palyra_runtime.cli.replay_run import describe_differences, hook_option, plugin_option
from palyra_runtime.cli.session import Session
from palyra_runtime.cli.table import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from palyra_runtime.cli.page import Page
    from palyra_runtime.replay import TrialReport, Tried

#: what each verdict means
_MEANINGS: Sequence[tuple[str, str]] = (
    ("same", "as it is recorded"),
    ("differs", "something else comes of it"),
    ("fails", "was a success, and would be none"),
    ("untried", "what it ran on is not kept any more"),
)


@command(
    "try",
    "replay try --module build/greeter.wasm --hook greet",
    "replay try --version 1.1.0 --plugin greeter --since 7d",
    "replay try --module guard.wasm --plugin guard --limit 5000 -o json",
)
@click.option(
    "--module", type=click.Path(path_type=Path, dir_okay=False), help="The .wasm file of the candidate."
)
@click.option("--version", metavar="VERSION", help="Or the release of the plugin's skill that it is in.")
@plugin_option
@hook_option
@click.option("--since", type=POINT, metavar=POINT_METAVAR, help="Only what ran after that.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=1_000,
    show_default=True,
    metavar="N",
    help="Try the newest N runs.",
)
@click.pass_obj
def try_module(  # noqa: PLR0913 - click's
    session: Session,
    *,
    module: Path | None,
    version: str | None,
    plugin: str | None,
    hook: str | None,
    since: datetime | int | None,
    limit: int,
) -> None:
    """Run a candidate on what a plugin ran on, and show what would have changed.

    It gets the recorded inputs, grants and limits, and the recorded answers to its host calls. Nothing
    reaches the world, and nothing is written. Of a delivery, the last attempt is tried.
    """
    with session.palyra() as palyra, session.progress("trying") as progress:
        report = palyra.replay.try_module(
            module, version=version, plugin=plugin, hook=hook, since=since, limit=limit, progress=progress
        )
    session.show(_record(report), lambda page: _describe(page, report))


def _describe(page: Page, report: TrialReport) -> None:
    columns: Sequence[Column[tuple[str, int, str]]] = (
        Column("VERDICT", lambda row: row[0], is_whole=True),
        Column("RUNS", lambda row: units.count(row[1]), is_number=True),
        Column("MEANING", lambda row: row[2], wraps=True),
    )
    counts = _counts(report)
    page.table(columns, [(name, counts[name], meaning) for name, meaning in _MEANINGS])
    page.line("")
    page.fields(
        [
            ("plugin", report.plugin_id),
            ("module", report.module_sha256),
            ("fuel", f"{report.fuel_units_tried:,} units; {report.fuel_units_recorded:,} are recorded"),
            ("unanswered", _unanswered(report)),
        ]
    )
    for tried in sorted(report.samples, key=lambda each: (each.verdict != "fails", each.position)):
        _describe_tried(page, tried)


def _unanswered(report: TrialReport) -> str | None:
    calls = units.plural(report.unanswered, "call")
    return f"{calls} to the host that nobody made then" if report.unanswered else None


def _describe_tried(page: Page, tried: Tried) -> None:
    page.heading(f"{tried.verdict}: {tried.subject}, position {tried.position}")
    if not tried.differences:
        page.line(tried.said.replace("_", " "))
    describe_differences(page, tried.differences)


def _counts(report: TrialReport) -> Mapping[str, int]:
    found = {str(verdict): count for verdict, count in report.verdicts.items()}
    return {name: found.get(name, 0) for name, _ in _MEANINGS}


def _record(report: TrialReport) -> Mapping[str, object]:
    """Return what a trial has come to, for programs."""
    return {
        "changes_nothing": report.changes_nothing,
        "plugin_id": report.plugin_id,
        "module_sha256": report.module_sha256,
        "verdicts": _counts(report),
        "fuel_units_recorded": report.fuel_units_recorded,
        "fuel_units_tried": report.fuel_units_tried,
        "unanswered": report.unanswered,
        "samples": [
            {
                "position": each.position,
                "subject": each.subject,
                "verdict": each.verdict,
                "recorded": each.recorded,
                "tried": each.said,
                "unanswered": each.unanswered,
                "differences": each.differences,
            }
            for each in report.samples
        ],
    }
