"""``palyra delivery redeliver``, ``retry``, ``recover``, ``cancel`` and ``discard``: change its course."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from palyra_runtime.cli.bulk import Terms, as_of_option, dry_run_option, undertake
from palyra_runtime.cli.command import command, reason_option
from palyra_runtime.cli.delivery_filter import delivery_filter, filter_options, whose_options
from palyra_runtime.cli.point import POINT, POINT_METAVAR
from palyra_runtime.cli.session import Session

if TYPE_CHECKING:
    from datetime import datetime

    from projections import DeliveryFilter, DeliveryRow

_SOME = click.argument("deliveries", metavar="[DELIVERY]...", nargs=-1)
_ENDING = (as_of_option, dry_run_option, reason_option, click.pass_obj)


def _chosen_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the arguments that name deliveries, or the options that choose all of some kind."""
    options = (_SOME, click.option("--all", "all_", is_flag=True, help="All that match, not named ones."))
    return reduce(lambda made, option: option(made), reversed((*options, filter_options, *_ENDING)), function)


@command(
    "redeliver",
    "delivery redeliver 12:greet",
    "delivery redeliver 12:greet 15:greet --reason 'the receiver lost them'",
)
@click.argument("deliveries", metavar="DELIVERY...", nargs=-1, required=True)
@as_of_option
@dry_run_option
@reason_option
@click.pass_obj
def redeliver(
    session: Session, *, deliveries: tuple[str, ...], as_of: int | None, dry_run: bool, reason: str | None
) -> None:
    """Carry out each DELIVERY once more, however it ended, in a new round of attempts."""
    _change(session, "redeliver", deliveries, None, Terms(as_of, dry_run, reason))


@command(
    "retry",
    "delivery retry 12:greet",
    "delivery retry --all --hook greet --dry-run",
    "--yes delivery retry --waiting --reason 'the receiver is up again'",
)
@_SOME
@click.option("--all", "all_", is_flag=True, help="All dead letters that match, not named ones.")
@click.option(
    "--waiting", is_flag=True, help="All that match and wait for their next attempt, not named ones."
)
@filter_options
@as_of_option
@dry_run_option
@reason_option
@click.pass_obj
def retry(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    /,
    *,
    deliveries: tuple[str, ...],
    all_: bool,
    waiting: bool,
    as_of: int | None,
    dry_run: bool,
    reason: str | None,
    **asked: Any,
) -> None:
    """Try dead letters once more, in a new round; what waits for its next attempt waits no longer."""
    states = (*(["dead"] if all_ else []), *(["retrying"] if waiting else []))
    matching = _matching(deliveries, states, asked)
    _change(session, "retry", deliveries, matching, Terms(as_of, dry_run, reason))


@command(
    "recover",
    "delivery recover --since 2026-03-01T08:00",
    "delivery recover --since 90m --hook greet --dry-run",
    "--yes delivery recover --since 1200 --reason 'the disk was full'",
)
@click.option(
    "--since",
    type=POINT,
    required=True,
    metavar=POINT_METAVAR,
    help="What ended then or later: 2026-03-01T08:00, 90m for 90 minutes ago, or a position.",
)
@whose_options
@as_of_option
@dry_run_option
@reason_option
@click.pass_obj
def recover(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    *,
    since: datetime | int,
    hook: str | None,
    plugin: str | None,
    event: str | None,
    as_of: int | None,
    dry_run: bool,
    reason: str | None,
) -> None:
    """Carry out once more all that ended dead or skipped since a time, in a new round of attempts."""
    matching = delivery_filter(
        states=("dead", "skipped"), hook=hook, plugin=plugin, event=event, changed_since=since
    )
    _change(session, "redeliver", (), matching, Terms(as_of, dry_run, reason))


@command(
    "cancel",
    "delivery cancel 12:greet --reason 'sent twice'",
    "delivery cancel --all --hook alarm --dry-run",
)
@_chosen_options
def cancel(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    /,
    *,
    deliveries: tuple[str, ...],
    all_: bool,
    as_of: int | None,
    dry_run: bool,
    reason: str | None,
    **asked: Any,
) -> None:
    """Cancel each DELIVERY that is still to be carried out; an attempt that runs comes to nothing."""
    matching = _matching(deliveries, ("scheduled", "retrying") if all_ else (), asked)
    _change(session, "cancel", deliveries, matching, Terms(as_of, dry_run, reason))


@command(
    "discard",
    "delivery discard 12:greet --reason 'the greeting is old'",
    "delivery discard --all --until 2026-01-01 --reason 'last year' --dry-run",
)
@_chosen_options
def discard(  # noqa: PLR0913 - one parameter for each option
    session: Session,
    /,
    *,
    deliveries: tuple[str, ...],
    all_: bool,
    as_of: int | None,
    dry_run: bool,
    reason: str | None,
    **asked: Any,
) -> None:
    """Put dead letters away, and say why: they stay in the log, and are dead no longer."""
    matching = _matching(deliveries, ("dead",) if all_ else (), asked)
    _change(session, "discard", deliveries, matching, Terms(as_of, dry_run, reason))


def _matching(
    deliveries: tuple[str, ...], states: tuple[str, ...], asked: dict[str, Any]
) -> DeliveryFilter | None:
    """Return the filter for all in these states, or None where deliveries are named instead."""
    if bool(deliveries) == bool(states):
        raise click.UsageError("Name deliveries, or choose all of them with --all.")
    if deliveries and any(value is not None for value in asked.values()):
        raise click.UsageError("Name deliveries, or choose among all of them with --all and filters.")
    return None if deliveries else delivery_filter(states=states, **asked)


def _change(
    session: Session, action: str, ids: tuple[str, ...], matching: DeliveryFilter | None, terms: Terms
) -> None:
    """Do an action to one delivery that is named, at once; or to many, by a plan."""
    from palyra_runtime.facade import Action  # noqa: PLC0415 - help does not wait for it

    with session.palyra() as palyra:
        if len(ids) == 1 and terms.as_of is None and not terms.dry_run:
            row = palyra.deliveries.change(Action(action), ids[0], reason=terms.reason)
            session.show(row, lambda page: page.line(_sentence(action, row)))
            return
        plan = palyra.deliveries.plan(
            Action(action), ids=ids, matching=matching, as_of=terms.as_of, reason=terms.reason
        )
        undertake(session, palyra.deliveries, plan, terms)


def _sentence(action: str, row: DeliveryRow) -> str:
    if row.state == "scheduled":
        return f"Delivery {row.delivery_id} is scheduled again, in round {row.round}."
    if row.state == "retrying":
        return f"Delivery {row.delivery_id} is due."
    return f"Delivery {row.delivery_id} is {'discarded' if action == 'discard' else row.state}."
