"""``palyra doctor``: what is not well, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from palyra_events.errors import Findings
from palyra_runtime.cli.command import command
from palyra_runtime.cli.page import Page
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from palyra_runtime.facade import Examined


class NotWell(Findings):
    """Something is not well."""

    code = "NOT_WELL"
    advice = "Do what is said below each finding, then look again."


@command("doctor", "doctor", "doctor -o json")
@click.pass_obj
def doctor(session: Session) -> None:
    """Look for what is not well: database, views, dead letters, deliveries, gateway.

    The exit code is 6 where something is found.
    """
    with session.palyra() as palyra:
        found = palyra.doctor.examine()
    session.show(found, lambda page: _describe(page, found))
    ill = [each.check for each in found if not each.is_good]
    if ill:
        raise NotWell(f"Not well: {', '.join(ill)}.", checks=ill)


def _describe(page: Page, found: Sequence[Examined]) -> None:
    page.fields([(each.check, "ok" if each.is_good else "not well") for each in found])
    for each in found:
        if not each.is_good:
            page.heading(each.check)
            page.items(each.findings)
            page.line(each.advice or "")
