"""Figures of deliveries: how many came to what end, how long their attempts took, what waits longest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, case, func, select

from palyra_events.delivery import DeliveryState
from projections.delivery_filter import DeliveryFilter
from projections.temporal import Temporal


class StatsKey(StrEnum):
    """What figures are grouped by."""

    HOOK = "hook"
    PLUGIN = "plugin"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class DeliveryStats:
    """The figures of one hook, plugin or outcome, which ``key`` names.

    By outcome, a delivery belongs to that of its last attempt, and ``key`` is None for those that were
    never attempted; an attempt belongs to its own. Durations are those of the attempts, at the 50th and
    99th percentile (nearest rank), and None where no attempt is known to have taken any time.
    ``success_rate`` is the part that succeeded of those that were carried out to the end, from 0 to 1; None
    where there are none.
    """

    key: str | None
    deliveries: int
    waiting: int
    succeeded: int
    dead: int
    skipped: int
    cancelled: int
    attempts: int
    duration_us_p50: int | None
    duration_us_p99: int | None
    oldest_waiting_at: datetime | None
    success_rate: float | None


@dataclass(frozen=True, slots=True)
class StatsTables:
    """The tables that figures are taken from, of one generation of the view, as they are or were."""

    of_delivery: Temporal
    attempt: Table
    at: int | None

    @property
    def delivery(self) -> Table:
        """The table of deliveries."""
        return self.of_delivery.table

    def read(self, connection: Connection, key: StatsKey, matching: DeliveryFilter) -> list[DeliveryStats]:
        """Return the figures of the deliveries that match, and of their attempts, by key."""
        conditions = [self.of_delivery.after(self.at), *matching.conditions(self.delivery)]
        counts = _by_key(connection, self._counts(key, conditions))
        attempts = _by_key(connection, self._attempts(key, conditions))
        durations = _by_key(connection, self._durations(key, conditions))
        return [
            DeliveryStats(
                key=each,
                **_counted(counts.get(each, {})),
                **attempts.get(each, {"attempts": 0}),
                **durations.get(each, _NO_DURATIONS),
            )
            for each in sorted(counts.keys() | attempts.keys(), key=lambda key: (key is not None, key))
        ]

    def _counts(self, key: StatsKey, conditions: list[ColumnElement[bool]]) -> Select[Any]:
        row = self.delivery.c
        name = self._key(key, row.outcome)
        ended = [_count_if(row.state == state.value).label(state.value) for state in _ENDS]
        return (
            select(
                name.label("key"),
                func.count().label("deliveries"),
                _count_if(row.is_open).label("waiting"),
                *ended,
                func.min(case((row.is_open, row.scheduled_at))).label("oldest_waiting_at"),
            )
            .where(*conditions)
            .group_by(name)
        )

    def _attempts(self, key: StatsKey, conditions: list[ColumnElement[bool]]) -> Select[Any]:
        name = self._key(key, self.attempt.c.outcome)
        query = select(name.label("key"), func.count().label("attempts"))
        return self._of_attempts(query, conditions).group_by(name)

    def _durations(self, key: StatsKey, conditions: list[ColumnElement[bool]]) -> Select[Any]:
        """Return the query for percentiles: number the attempts of a key by duration, and take two."""
        name, duration = self._key(key, self.attempt.c.outcome), self.attempt.c.duration_us
        numbered = self._of_attempts(
            select(
                name.label("key"),
                duration,
                func.row_number().over(partition_by=name, order_by=duration).label("number"),
                func.count().over(partition_by=name).label("of"),
            ),
            [*conditions, duration.is_not(None)],
        ).subquery()
        row = numbered.c
        return select(
            row.key,
            *[
                func.min(case((row.number * 100 >= row["of"] * percent, row.duration_us))).label(
                    f"duration_us_p{percent}"
                )
                for percent in (50, 99)
            ],
        ).group_by(row.key)

    def _key(self, key: StatsKey, outcome: ColumnElement[Any]) -> ColumnElement[Any]:
        row = self.delivery.c
        return {StatsKey.HOOK: row.hook_id, StatsKey.PLUGIN: row.plugin_id}.get(key, outcome)

    def _of_attempts(self, query: Select[Any], conditions: list[ColumnElement[bool]]) -> Select[Any]:
        same = self.attempt.c.delivery_id == self.delivery.c.delivery_id
        if self.at is not None:
            same &= self.attempt.c.position <= self.at
        return query.select_from(self.attempt.join(self.delivery, same)).where(*conditions)


#: the ends that figures tell of, each in a field of its name
_ENDS = (DeliveryState.SUCCEEDED, DeliveryState.DEAD, DeliveryState.SKIPPED, DeliveryState.CANCELLED)

#: an outcome that no delivery's last attempt had
_NO_DELIVERIES: Mapping[str, Any] = {
    "deliveries": 0,
    "waiting": 0,
    "oldest_waiting_at": None,
    **{state.value: 0 for state in _ENDS},
}
_NO_DURATIONS: Mapping[str, None] = {"duration_us_p50": None, "duration_us_p99": None}


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _counted(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of deliveries of one key, and the rate that they give."""
    counts = {**_NO_DELIVERIES, **found}
    ended = counts["succeeded"] + counts["dead"]
    return {**counts, "success_rate": counts["succeeded"] / ended if ended else None}


def _by_key(connection: Connection, query: Select[Any]) -> dict[str | None, dict[str, Any]]:
    rows = (dict(row) for row in connection.execute(query).mappings())
    return {row.pop("key"): row for row in rows}
