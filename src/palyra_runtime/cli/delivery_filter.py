"""The options that say which deliveries are meant, for every command that looks at many of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

import palyra_events
from palyra_runtime.cli.point import POINT, POINT_METAVAR

if TYPE_CHECKING:
    from datetime import datetime

    from projections import DeliveryFilter

#: those of `palyra_events.delivery.DeliveryState`, which help does not wait for
STATES = ("scheduled", "retrying", "succeeded", "dead", "skipped", "cancelled")

_WHOSE = (
    click.option("--hook", metavar="HOOK", help="Only deliveries of this hook."),
    click.option("--plugin", metavar="PLUGIN", help="Only deliveries to this plugin."),
    click.option(
        "--event",
        metavar="EVENT|POSITION",
        help="Only deliveries of events of this kind, such as skill:enabled, or of the event at a position.",
    ),
)
_WHEN = (
    click.option(
        "--since",
        type=POINT,
        metavar=POINT_METAVAR,
        help="Only what was scheduled then or later: 2026-03-01T12:00, 90m (ago), or a position.",
    ),
    click.option(
        "--until", type=POINT, metavar=POINT_METAVAR, help="Only what was scheduled then or earlier."
    ),
)


def whose_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for hook, plugin and event."""
    return reduce(lambda made, option: option(made), reversed(_WHOSE), function)


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for hook, plugin, event, and the time of scheduling."""
    return reduce(lambda made, option: option(made), reversed((*_WHOSE, *_WHEN)), function)


def delivery_filter(  # noqa: PLR0913 - one parameter for each option
    *,
    states: tuple[str, ...] = (),
    hook: str | None = None,
    plugin: str | None = None,
    event: str | None = None,
    since: datetime | int | None = None,
    until: datetime | int | None = None,
    changed_since: datetime | int | None = None,
) -> DeliveryFilter:
    """Return the filter that options ask for.

    Raises:
        InvalidIdentifier: this cannot be the name of a hook or of a plugin.
        UnknownHookEvent: there is no such kind of event.
    """
    # Imported here, because help does not wait for databases.
    from palyra_events.identifiers import normalize_hook_id, normalize_identifier  # noqa: PLC0415
    from palyra_events.lifecycle import normalize_delivered_kind  # noqa: PLC0415
    from projections import DeliveryFilter  # noqa: PLC0415

    kind = int(event) if event is not None and event.isascii() and event.isdigit() else event
    return DeliveryFilter(
        states=frozenset(palyra_events.DeliveryState(state) for state in states),
        hook_id=None if hook is None else normalize_hook_id(hook),
        plugin_id=None if plugin is None else normalize_identifier(plugin, "plugin"),
        event=normalize_delivered_kind(kind) if isinstance(kind, str) else kind,
        since=since,
        until=until,
        changed_since=changed_since,
    )
