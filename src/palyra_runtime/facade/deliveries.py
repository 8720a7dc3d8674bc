"""Deliveries as people look at them: with what the plugin was told, and what it said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from palyra_events.delivery import DeliveryState
from palyra_events.errors import UnknownDelivery
from palyra_events.identifiers import normalize_identifier
from palyra_events.store import EventLog
from palyra_runtime.blobs import kept_bytes
from palyra_runtime.facade.page import check_page
from projections import AttemptRow, DeliveryRow, Views


@dataclass(frozen=True, slots=True)
class AttemptDetail:
    """One attempt, with the documents that lie beside the log; None where there is none, or none any more."""

    row: AttemptRow
    input: Any
    output: Any
    logs: Any


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """One delivery and its attempts, in order."""

    row: DeliveryRow
    attempts: tuple[AttemptDetail, ...]


class Deliveries:
    """Looks deliveries up."""

    def __init__(self, log: EventLog, views: Views) -> None:
        self._log = log
        self._views = views

    def list(
        self, *, state: DeliveryState | None = None, hook: str | None = None, after: int = 0, limit: int = 100
    ) -> Sequence[DeliveryRow]:
        """Return deliveries in the order of scheduling, at most ``limit`` after a position.

        Raises:
            InvalidIdentifier: this cannot be the name of a hook.
            PageOutOfRange: one of the numbers makes no sense.
        """
        check_page(after, limit)
        hook_id = None if hook is None else normalize_identifier(hook, "hook")
        return self._views.deliveries(state=state, hook_id=hook_id, after=after, limit=limit)

    def show(self, delivery_id: str) -> DeliveryDetail:
        """Return one delivery with its attempts.

        Raises:
            UnknownDelivery: there is none of this id.
        """
        if not delivery_id.isprintable():
            raise UnknownDelivery(f"There is no delivery {delivery_id[:160]!r}.")
        row = self._views.delivery(delivery_id)
        return DeliveryDetail(row, tuple(self._detail(each) for each in self._views.attempts(delivery_id)))

    def _detail(self, row: AttemptRow) -> AttemptDetail:
        digests = (row.input_sha256, row.output_sha256, row.logs_sha256)
        return AttemptDetail(row, *(_document(kept_bytes(self._log, each)) for each in digests))


def _document(content: bytes | None) -> Any:
    """Return a kept document; what a guest wrote may be no JSON, and is shown as the text it is."""
    if content is None:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content.decode(errors="replace")
