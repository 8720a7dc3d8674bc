"""Why a delivery stands as it does, in a sentence or two: also why nothing happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from palyra_runtime import wording

if TYPE_CHECKING:
    from datetime import datetime

    from palyra_runtime.facade import DeliveryDetail

#: why a plugin could not run, by the cause that a skip records; see `palyra_events.right`
_CAUSES: Mapping[str, str] = MappingProxyType(
    {
        "plugin_unbound": "the plugin was not bound",
        "plugin_disabled": "the plugin was disabled",
        "skill_not_enabled": "no release of the plugin's skill was enabled",
        "skill_quarantined": "the plugin's skill was in quarantine",
        "module_missing": "the enabled release has no module of the name that the plugin is bound to",
        "module_changed": "the module was not the one that the grants were given to; bind the plugin again",
        "artifact_erased": "the artifact of the release is not kept any more",
        "artifact_refused": "this version of Palyra does not open the artifact of the release",
        "config_missing": "the plugin had no configuration, and its skill asks for one",
        "config_erased": "the plugin's configuration is not kept any more",
        "config_invalid": "the plugin's configuration was not what its skill asks for",
        "config_requires_migration": "the plugin's configuration was made for an older contract",
    }
)


def standing(detail: DeliveryDetail, now: datetime) -> str:
    """Return why a delivery stands as it does at ``now``, and what can be done about it."""
    if detail.row.is_open:
        return _open(detail, now)
    return _SENTENCES[detail.row.state](detail)


def _open(detail: DeliveryDetail, now: datetime) -> str:
    row = detail.row
    if detail.under_way is not None:
        if detail.is_silent:
            return f"Attempt {detail.under_way} was begun, and nothing is heard of who makes it."
        return f"Attempt {detail.under_way} is being made."
    if detail.ahead:
        return (
            f"It waits for {detail.ahead[0]}, which is older and comes first in the line {row.ordering_key}."
        )
    if row.retry_at is not None and row.retry_at > now:
        return (
            f"Attempt {row.attempts} ended as {row.outcome}; the next one is due at "
            f"{wording.moment(row.retry_at)}. At once: palyra delivery retry {row.delivery_id}"
        )
    return "It is due: a running gateway carries it out, or: palyra delivery drain"


def _succeeded(detail: DeliveryDetail) -> str:
    return f"Attempt {detail.row.attempts} succeeded."


def _dead(detail: DeliveryDetail) -> str:
    row = detail.row
    return (
        f"It was given up after {wording.plural(row.attempts_of_round, 'attempt')}: {row.outcome}. "
        f"Once more: palyra delivery retry {row.delivery_id}"
    )


def _skipped(detail: DeliveryDetail) -> str:
    row = detail.row
    cause = _CAUSES.get(row.cause or "", row.cause)
    return (
        f"The plugin was not invoked: as of position {row.as_of}, {cause}. "
        f"Once more: palyra delivery redeliver {row.delivery_id}"
    )


def _cancelled(detail: DeliveryDetail) -> str:
    last = detail.history[-1] if detail.history else None
    if last is None:
        return "Somebody does not want it any more."
    why = f": {last.reason}" if last.reason else ", and did not say why"
    return f"{last.actor} {last.summary} it{why}."


_SENTENCES: Mapping[str, Callable[[DeliveryDetail], str]] = MappingProxyType(
    {
        "succeeded": _succeeded,
        "dead": _dead,
        "skipped": _skipped,
        "cancelled": _cancelled,
    }
)
