"""The views, as questions and answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine

from palyra_events.delivery import DeliveryState
from palyra_events.errors import UnknownDelivery, UnknownSkill
from palyra_events.lifecycle import HookEventKind
from palyra_events.message import MessageState
from projections.attempt import AttemptRow
from projections.audit import AuditRow, AuditView
from projections.delivery import DeliveryRow, DeliveryView
from projections.engine import reading
from projections.errors import ViewBehind
from projections.generation import Generation, Status, generations
from projections.hook import HookRow, HookView
from projections.outbox import MessageRow, OutboxView
from projections.plugin import PluginRow, PluginView
from projections.plugin_storage import PluginStorageView, StorageUse, StoredValue
from projections.projection import Projection
from projections.projector import Projector
from projections.skill import SkillRow, SkillView
from projections.status import ProjectionStatus, projection_status
from projections.summary import Subject

ViewT = TypeVar("ViewT", bound=Projection)

#: rows of a listing, unless more are asked for
LIMIT_DEFAULT = 100


class Views:
    """Answers from the views. Safe to share between threads.

    Each question first brings the views to the head of the log, so that no answer is stale; where they
    are there already, that is one small query. Whoever has just done so asks `as_is`.

    Raises:
        ProjectionFailed: the view cannot take in an event.
        ViewBehind: `as_is` was asked before anything was folded.
        LogDamaged, DatabaseTooNew, DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DatabaseDamaged,
            DiskFull, StorageFailed: the views cannot be brought up to date, or not be read.
    """

    def __init__(self, engine: Engine, projector: Projector, *, catches_up: bool = True) -> None:
        self._engine = engine
        self._projector = projector
        self._catches_up = catches_up

    @property
    def as_is(self) -> Views:
        """The same questions, answered from what is folded already."""
        return Views(self._engine, self._projector, catches_up=False)

    def skills(self) -> list[SkillRow]:
        """Return all releases of all skills, by id and version."""
        with self._open(SkillView) as (connection, view, _):
            return view.now(connection)

    def releases(self, skill_id: str) -> list[SkillRow]:
        """Return the releases of one skill, by version.

        Raises:
            UnknownSkill: nothing of it is installed.
        """
        with self._open(SkillView) as (connection, view, _):
            rows = view.now(connection, skill_id)
        if not rows:
            raise UnknownSkill(f"Skill {skill_id} is not installed.", skill_id=skill_id)
        return rows

    def plugins(self) -> list[PluginRow]:
        """Return all plugins, by id."""
        with self._open(PluginView) as (connection, view, _):
            return view.now(connection)

    def hooks(self, at: int | None = None) -> list[HookRow]:
        """Return all hooks, by id, as they are, or as they were once the event ``at`` had happened."""
        with self._open(HookView) as (connection, view, generation):
            if at is None:
                return view.now(connection)
            _check_folded(generation, at)
            return view.met_by(connection, at + 1)

    def hooks_for_event(self, kind: HookEventKind, at: int) -> list[HookRow]:
        """Return the hooks that an event of this kind meets at the position ``at``, by id.

        They are as all events before it have left them. Those that are disabled are among them.

        Raises:
            ViewBehind: not all of these events have been folded.
        """
        with self._open(HookView) as (connection, view, generation):
            _check_folded(generation, at - 1)
            return view.of_kind(connection, kind, at)

    def hooks_for_plugin(self, plugin_id: str, at: int) -> list[HookRow]:
        """Return the hooks of a plugin that an event meets at the position ``at``, by id.

        Raises:
            ViewBehind: not all events before it have been folded.
        """
        with self._open(HookView) as (connection, view, generation):
            _check_folded(generation, at - 1)
            return view.of_plugin(connection, plugin_id, at)

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        hook_id: str | None = None,
        after: int = 0,
        limit: int = LIMIT_DEFAULT,
    ) -> list[DeliveryRow]:
        """Return deliveries in the order in which they were scheduled.

        To turn the page, give the ``scheduled_position`` of the last one as ``after``.
        """
        with self._open(DeliveryView) as (connection, view, _):
            return view.page(connection, state=state, hook_id=hook_id, after=after, limit=limit)

    def delivery(self, delivery_id: str) -> DeliveryRow:
        """Return one delivery.

        Raises:
            UnknownDelivery: it was never scheduled.
        """
        with self._open(DeliveryView) as (connection, view, _):
            row = view.one(connection, delivery_id)
        if row is None:
            raise UnknownDelivery(f"Delivery {delivery_id} was never scheduled.", delivery_id=delivery_id)
        return row

    def attempts(self, delivery_id: str) -> list[AttemptRow]:
        """Return the attempts of a delivery, in order; none where it was never attempted."""
        with self._open(DeliveryView) as (connection, view, _):
            return view.attempts(connection, delivery_id)

    def due_deliveries(self, now: datetime, limit: int = LIMIT_DEFAULT) -> list[DeliveryRow]:
        """Return what may be carried out at ``now``: at most one delivery of each ordering key.

        They come in the order of their events, and for one event in the order of hook ids.
        """
        with self._open(DeliveryView) as (connection, view, _):
            return view.due(connection, now, limit)

    def open_deliveries(self) -> int:
        """Return how many deliveries an attempt is still to come for."""
        with self._open(DeliveryView) as (connection, view, _):
            return view.open_count(connection)

    def next_retry_at(self) -> datetime | None:
        """Return when the first retry that is not held back by an older delivery is due, if there is one."""
        with self._open(DeliveryView) as (connection, view, _):
            return view.next_retry_at(connection)

    def storage_use(self, plugin_id: str) -> StorageUse:
        """Return how much a plugin keeps."""
        with self._open(PluginStorageView) as (connection, view, _):
            return view.use(connection, plugin_id)

    def stored_value(self, plugin_id: str, path: str) -> StoredValue | None:
        """Return the value that a plugin keeps at a path, or None where there is none."""
        with self._open(PluginStorageView) as (connection, view, _):
            return view.one(connection, plugin_id, path)

    def stored_values(
        self, plugin_id: str, *, beginning: str = "", after: str = "", limit: int = LIMIT_DEFAULT
    ) -> list[StoredValue]:
        """Return values that a plugin keeps, by path: those whose paths begin so.

        To turn the page, give the path of the last one as ``after``.
        """
        with self._open(PluginStorageView) as (connection, view, _):
            return view.page(connection, plugin_id, beginning, after, limit)

    def messages(
        self,
        *,
        state: MessageState | None = None,
        after: tuple[int, int] = (0, 0),
        limit: int = LIMIT_DEFAULT,
    ) -> list[MessageRow]:
        """Return messages that are not sent, in the order of sending.

        To turn the page, give the ``position`` and ``place`` of the last one as ``after``.
        """
        with self._open(OutboxView) as (connection, view, _):
            return view.page(connection, state=state, after=after, limit=limit)

    def due_messages(
        self, channels: Collection[str], now: datetime, limit: int = LIMIT_DEFAULT
    ) -> list[MessageRow]:
        """Return messages to these channels that may be sent at ``now``, in the order of sending."""
        with self._open(OutboxView) as (connection, view, _):
            return view.due(connection, channels, now, limit)

    def waiting_messages(self) -> int:
        """Return how many messages a try is still to come for."""
        with self._open(OutboxView) as (connection, view, _):
            return view.waiting(connection)

    def audit(
        self,
        *,
        subject: Subject | None = None,
        actor: str | None = None,
        after: int = 0,
        limit: int = LIMIT_DEFAULT,
        newest_first: bool = False,
    ) -> list[AuditRow]:
        """Return events in words, by position.

        To turn the page, give the position of the last one as ``after``.
        """
        with self._open(AuditView) as (connection, view, _):
            return view.page(
                connection, subject=subject, actor=actor, after=after, limit=limit, newest_first=newest_first
            )

    def status(self) -> list[ProjectionStatus]:
        """Return how each generation that is live or being built stands. It folds nothing."""
        return projection_status(self._engine, self._projector.log.head())

    @contextmanager
    def _open(self, projection: type[ViewT]) -> Iterator[tuple[Connection, ViewT, Generation]]:
        """Open the live generation of a view, found in the transaction that reads it."""
        if self._catches_up:
            self._projector.catch_up(needs=(projection.name,))
        with reading(self._engine) as connection:
            generation = _live(connection, projection)
            yield connection, projection.of(generation.number), generation


def _live(connection: Connection, projection: type[Projection]) -> Generation:
    """Return the live generation that this version of the view's code can read."""
    for generation in generations(connection, Status.LIVE):
        if generation.projection == projection.name and generation.version == projection.version:
            return generation
    raise ViewBehind(f"The view {projection.name} has not been built yet.", projection=projection.name)


def _check_folded(generation: Generation, position: int) -> None:
    if generation.position < position:
        raise ViewBehind(
            f"The view {generation.projection} stands at {generation.position}, not yet at {position}.",
            projection=generation.projection,
            position=position,
        )
