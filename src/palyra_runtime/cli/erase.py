"""``palyra erase``: what a person wrote is kept no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_runtime.cli import units
from palyra_runtime.cli.bulk import dry_run_option
from palyra_runtime.cli.command import command, reason_option, yes_option
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.erasure import ErasurePlan, Left
    from palyra_runtime.facade import Erasure
    from palyra_runtime.records import ErasurePlanRecord

#: deliveries, and places where words stay, that are told one by one
_ITEMS_MAX = 10


@command(
    "erase",
    "erase operator:f3k9 --dry-run",
    "erase operator:f3k9 --reason 'asked for on 12 March' --yes",
)
@click.argument("subject")
@reason_option
@dry_run_option
@yes_option
@click.pass_obj
def erase(session: Session, subject: str, *, reason: str | None, dry_run: bool) -> None:
    """Erase what the person SUBJECT wrote, such as operator:f3k9, and their name.

    Reasons and forms go, records of runs that were told of them, and whatever else quotes them that
    nothing needs. The events stay, so the history can be proved as before. Views that hold texts are
    built anew, and the database is written anew without free pages: nobody else can write meanwhile.

    Backups, exported reports and proofs, and what plugins sent to others are not reached.
    """
    with session.palyra() as palyra:
        plan = palyra.subjects.plan_erasure(subject)
        if dry_run:
            session.show(_record(plan), lambda page: _describe_plan(page, plan))
            return
        if session.is_for_people:
            _describe_plan(session.remarks(), plan)
        session.confirm("Erase it? It cannot be brought back.")
        with session.progress("erasing") as progress:
            done = palyra.subjects.erase(subject, reason=reason, progress=progress)
    session.show(done, lambda page: _describe(page, done))


def _record(plan: ErasurePlan) -> ErasurePlanRecord:
    from palyra_runtime.records import ErasurePlanRecord  # noqa: PLC0415 - help does not wait for it

    return ErasurePlanRecord.of(plan)


def _describe_plan(page: Page, plan: ErasurePlan) -> None:
    size = units.size(plan.dropped_bytes)
    page.line(f"{units.plural(plan.blobs, 'blob')} of {plan.subject} to be dropped, {size}.")
    page.items([f"{kind}: {units.count(count)}" for kind, count in plan.kinds.items()])
    _describe_rest(page, plan.left, plan.open_deliveries)


def _describe(page: Page, done: Erasure) -> None:
    page.fields(
        [
            ("erased", done.subject),
            ("blobs", f"{units.count(done.blobs)}, {units.size(done.bytes)}"),
            ("name", "taken away" if done.had_name else "there was none"),
            ("recorded at", units.count(done.position)),
            ("views", ", ".join(done.views)),
        ]
    )
    _describe_rest(page, done.left, done.open_deliveries)


def _describe_rest(page: Page, left: Sequence[Left], open_deliveries: Sequence[str]) -> None:
    if left:
        places = [f"position {units.count(each.position)}: {each.what}" for each in left]
        page.items(_first(places), title="These quote the person, and stay, as something needs them:")
    if open_deliveries:
        page.items(
            _first(open_deliveries),
            title="These deliveries are open; erase again when they have ended:",
        )


def _first(texts: Sequence[str]) -> Sequence[str]:
    more = len(texts) - _ITEMS_MAX
    return [*texts[:_ITEMS_MAX], *([f"… and {units.count(more)} more"] if more > 0 else [])]
