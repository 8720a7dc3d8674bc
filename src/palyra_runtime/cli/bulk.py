"""One thing done to many deliveries: say what it would be, ask, do it page by page, say what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from palyra_events.errors import IllegalTransition, PalyraError
from palyra_runtime.cli import document, units
from palyra_runtime.cli.command import Decorator
from palyra_runtime.cli.interruption import interruptible
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from palyra_runtime.facade import BulkPlan, BulkReport, Deliveries
    from palyra_runtime.records import BulkPlanRecord

#: hooks that a plan names; the others are counted
_HOOKS_MAX = 8

dry_run_option: Decorator = click.option(
    "--dry-run", is_flag=True, help="Say what would be done, and do nothing."
)
as_of_option: Decorator = click.option(
    "--as-of",
    type=click.IntRange(min=0),
    metavar="POSITION",
    help="Leave alone what has changed after a position: goes on with what was interrupted.",
)

#: what is said of each action: that it is to be done, that it is being done, that it was done
_WORDS = {
    "redeliver": ("Redeliver", "redelivering", "requeued"),
    "retry": ("Retry", "retrying", "to be retried"),
    "cancel": ("Cancel", "cancelling", "cancelled"),
    "discard": ("Discard", "discarding", "discarded"),
}


class PartlyDone(PalyraError):
    """Some of it was done, and some was not."""

    code = "PARTLY_DONE"
    advice = "Look at those that were left with the matching show command."
    exit_code = 8


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms something is done: only what has not changed since, only in words, and why."""

    as_of: int | None
    dry_run: bool
    reason: str | None


def undertake(session: Session, deliveries: Deliveries, plan: BulkPlan, terms: Terms) -> None:
    """Show a plan, ask, carry it out and show how it went; a dry run ends with the plan.

    Raises:
        Declined: the answer is no.
        IllegalTransition: none of the deliveries that were named can be changed so.
        PartlyDone: some of them had changed meanwhile, or could not be changed so.
    """
    if terms.dry_run:
        session.show(_record(plan), lambda page: _describe_plan(page, plan))
        return
    if plan.total:
        if session.is_for_people:
            _describe_plan(session.remarks(), plan)
        session.confirm("Go on?")
    elif plan.refusals:
        raise IllegalTransition(plan.refusals[0], refusals=list(plan.refusals))
    report, stopped = _carry_out(session, deliveries, plan, terms.reason)
    told = {**document.plain(report), "interrupted": stopped}
    session.show(told, lambda page: _describe_report(page, report, stopped=stopped))
    if stopped:
        raise click.Abort
    if report.left:
        raise PartlyDone(
            f"{report.left:,} of {report.total + plan.left:,} deliveries were left as they are.",
            refusals=list(report.refusals),
        )


def _carry_out(
    session: Session, deliveries: Deliveries, plan: BulkPlan, reason: str | None
) -> tuple[BulkReport, bool]:
    """Carry out a plan until it is done, or somebody stops it; return how far it came."""
    with interruptible() as is_stopped, session.progress(_WORDS[plan.action][1]) as progress:
        for report in deliveries.carry_out(plan, reason=reason):
            if progress is not None:
                progress(report.done, report.total)
            if is_stopped() and report.done < report.total:
                return report, True
    return report, False


def _record(plan: BulkPlan) -> BulkPlanRecord:
    from palyra_runtime.records import BulkPlanRecord  # noqa: PLC0415 - help does not wait for it

    return BulkPlanRecord.of(plan)


def _describe_plan(page: Page, plan: BulkPlan) -> None:
    if plan.total:
        hooks = [f"{number:,} of hook {hook}" for hook, number in plan.by_hook.items()]
        more = len(hooks) - _HOOKS_MAX
        named = ", ".join([*hooks[:_HOOKS_MAX], *([f"of {more} more hooks"] if more > 0 else [])])
        page.line(f"{_WORDS[plan.action][0]} {units.plural(plan.total, 'delivery')}: {named}.")
        page.items(plan.first)
        if (rest := plan.total - len(plan.first)) > 0:
            page.line(f"  … and {rest:,} more")
    else:
        page.line("There is no such delivery.")
    page.items(plan.refusals, title="These are left as they are:")


def _describe_report(page: Page, report: BulkReport, *, stopped: bool) -> None:
    if not report.total:
        page.line("There is no such delivery.")
        return
    done = _WORDS[report.action][2]
    if stopped:
        page.line(f"Interrupted: {report.done:,} of {report.total:,} deliveries {done}.")
        page.line(f"To go on, give the same command with --as-of {report.as_of}.")
        return
    page.line(f"{units.plural(report.done, 'delivery')} {done}.")
    page.items(report.refusals, title="These were left as they are:")
