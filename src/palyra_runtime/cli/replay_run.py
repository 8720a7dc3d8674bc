"""``palyra replay run``: derives anew what the log implies, and runs again what ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_events.errors import Findings
from palyra_runtime.cli import units
from palyra_runtime.cli.command import Decorator, command
from palyra_runtime.cli.point import POINT, POINT_METAVAR
from palyra_runtime.cli.session import Session
from palyra_runtime.job_count import JOBS_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from palyra_runtime.cli.page import Page
    from palyra_runtime.records import ReplayRecord
    from palyra_runtime.replay import Difference, Finding, ReplayReport

#: findings, and runs that were not compared, that a person is shown; programs get more of them
_SHOWN_MAX = 20

#: runs whose rate says something: a few are compiled in most of the time
_RATE_RUNS_MIN = 1_000

#: what each kind of run is called
_NOUNS = {"attempt": "attempt", "tool_run": "tool run", "answer": "answer"}

hook_option: Decorator = click.option("--hook", metavar="HOOK", help="Only what this hook set off.")
plugin_option: Decorator = click.option("--plugin", metavar="PLUGIN", help="Only what this plugin did.")


class ReplayFindings(Findings):
    """A replay does not come to what is recorded."""

    code = "REPLAY_FINDINGS"
    advice = "See first whether the log is whole: palyra audit verify; docs/replay.md explains each finding."


@command(
    "run",
    "replay run",
    "replay run --sample 500 --jobs 4",
    "replay run --from 7d --hook greet -o json",
)
@click.option("--from", "first", type=POINT, metavar=POINT_METAVAR, help="Begin there, not at the beginning.")
@click.option("--to", "last", type=POINT, metavar=POINT_METAVAR, help="End there, not at the end.")
@hook_option
@plugin_option
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="Run only N runs again, spread over all."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, JOBS_MAX),
    default=1,
    show_default=True,
    metavar="N",
    help="Run N guests at a time.",
)
@click.pass_obj
def run(  # noqa: PLR0913 - click's
    session: Session,
    *,
    first: datetime | int | None,
    last: datetime | int | None,
    hook: str | None,
    plugin: str | None,
    sample: int | None,
    jobs: int,
) -> None:
    """Run again all that ran, and compare: outputs, exit codes, fuel, host calls, log lines, effects.

    Guests get the recorded answers to their calls, so nothing reaches the world. Which deliveries were
    scheduled, how they went on, and what was decided is derived anew from the log. If something differs, it
    is shown, and the exit code is 6. What cannot be compared is counted and named; it is no finding.
    """
    with session.palyra() as palyra, session.progress("replaying") as progress:
        report = palyra.replay.run(
            first=first, last=last, hook=hook, plugin=plugin, sample=sample, jobs=jobs, progress=progress
        )
    session.show(_record(report), lambda page: _describe(page, report))
    if not report.is_faithful:
        raise ReplayFindings(
            f"{units.plural(report.findings_count, 'finding')} in positions {report.first} to {report.last}."
        )


def describe_findings(page: Page, findings: Iterable[Finding]) -> None:
    """Write findings, each with its differences and their diffs."""
    for finding in findings:
        page.line(f"Position {finding.position}, {finding.subject}")
        describe_differences(page, finding.differences)


def describe_differences(page: Page, differences: Iterable[Difference]) -> None:
    """Write differences, each with its diff."""
    for difference in differences:
        page.items([difference.message])
        if difference.diff:
            page.block("\n".join(difference.diff), indent=6)


def _describe(page: Page, report: ReplayReport) -> None:
    describe_findings(page, report.findings[:_SHOWN_MAX])
    if report.findings_count > _SHOWN_MAX:
        page.line(f"and {report.findings_count - _SHOWN_MAX} more; -o json has up to a thousand")
    page.line(_verdict(report))
    page.fields(
        [
            ("positions", f"{report.first:,} to {report.last:,}"),
            ("run again", _counted({_NOUNS[kind]: count for kind, count in report.replayed.items()})),
            ("not compared", _listed(report)),
            ("scheduling", f"{units.plural(report.deliveries, 'delivery')} held against the log"),
            ("not scheduled yet", report.pending or None),
            ("follow-ups", f"{units.plural(report.follow_ups, 'event')} held against what leads to them"),
            ("decisions", f"{report.decisions:,} held against their answers"),
            ("rate", _rate(report)),
        ]
    )
    shown = report.not_compared[:_SHOWN_MAX]
    page.items(
        [f"position {each.position}, {each.subject}: {_words(each.cause)}" for each in shown],
        title="Not compared:",
    )
    if (more := report.causes.total() - len(shown)) > 0:
        page.line(f"and {more} more; -o json has up to a thousand")


def _verdict(report: ReplayReport) -> str:
    if not report.is_faithful:
        return f"The replay is NOT what was recorded: {units.plural(report.findings_count, 'finding')}."
    if not report.replayed:
        return "Nothing ran that could be compared; nothing differs."
    return "The replay is what was recorded, to the byte and the unit of fuel."


def _rate(report: ReplayReport) -> str | None:
    is_telling = report.replayed.total() >= _RATE_RUNS_MIN
    return f"{report.runs_per_s:,} runs a second" if is_telling else None


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(units.plural(count, noun) for noun, count in counts.items()) or "nothing"


def _listed(report: ReplayReport) -> str | None:
    total = report.causes.total()
    causes = ", ".join(f"{_words(cause)} ({count:,})" for cause, count in report.causes.most_common())
    return f"{total:,}: {causes}" if total else None


def _words(cause: str) -> str:
    return cause.replace("_", " ")


def _record(report: ReplayReport) -> ReplayRecord:
    from palyra_runtime.records import ReplayRecord  # noqa: PLC0415 - help does not wait for it

    return ReplayRecord.of(report)
