"""The views, as questions and answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Select

from palyra_events.decision import DecisionKind
from palyra_events.errors import UnknownDelivery, UnknownSkill
from palyra_events.fault import Fault
from palyra_events.lifecycle import HookEventKind
from palyra_events.message import MessageState
from palyra_events.run_phase import RunPhase
from projections.attempt import AttemptRow
from projections.audit import AuditRow, AuditView
from projections.audit_search import AuditSearchView
from projections.bindings import BindingChange, BindingKind, BindingsView
from projections.decision import DecisionRow, DecisionView
from projections.delivery import DeliveryRow, DeliveryView
from projections.delivery_filter import EVERY_DELIVERY, DeliveryFilter, Point
from projections.delivery_stats import DeliveryStats, StatsKey
from projections.due import NOT_BUSY, Busy
from projections.fault import FaultView
from projections.generation import Status
from projections.hook import HookRow, HookView
from projections.live import check_folded, live_generation
from projections.outbox import MessageRow, OutboxView
from projections.plugin import PluginRow, PluginView
from projections.plugin_storage import PluginStorageView, StorageUse, StoredValue
from projections.search import Search
from projections.skill import SkillRow, SkillView
from projections.status import ProjectionStatus, projection_status
from projections.summary import Subject
from projections.surface_questions import SurfaceQuestions
from projections.token import TokenRow, TokenView
from projections.trust import TrustRow, TrustView

#: rows of a listing, unless more are asked for
LIMIT_DEFAULT = 100


class Views(SurfaceQuestions):
    """Answers from the views. Safe to share between threads.

    Each question first brings the views to the head of the log, so that no answer is stale; where they
    are there already, that is one small query. Whoever has just done so asks `as_is`.

    Raises:
        ProjectionFailed: the view cannot take in an event.
        ViewBehind: `as_is` was asked before anything was folded.
        LogDamaged, DatabaseTooNew, DatabaseLocked, DatabaseReadOnly, DatabaseUnavailable, DatabaseDamaged,
            DiskFull, StorageFailed: the views cannot be brought up to date, or not be read.
    """

    @property
    def as_is(self) -> Views:
        """The same questions, answered from what is folded already."""
        return Views(self._engine, self._projector, catches_up=False)

    def skills(self, at: Point | None = None) -> list[SkillRow]:
        """Return all releases of all skills, by id and version, as they are or were."""
        with self._open_at(SkillView, at) as (connection, view, position):
            return view.now(connection, at=position)

    def releases(self, skill_id: str, at: Point | None = None) -> list[SkillRow]:
        """Return the releases of one skill, by version, as they are or were.

        Raises:
            UnknownSkill: nothing of it is installed, or was.
        """
        with self._open_at(SkillView, at) as (connection, view, position):
            rows = view.now(connection, skill_id, position)
        if not rows:
            raise UnknownSkill(f"Skill {skill_id} is not installed.", skill_id=skill_id)
        return rows

    def tokens(self, token_id: str | None = None, at: Point | None = None) -> list[TokenRow]:
        """Return one token, or all in the order in which they were issued, as they are or were."""
        with self._open_at(TokenView, at) as (connection, view, position):
            return view.now(connection, token_id, position)

    def trust(self, publisher: str | None = None, at: Point | None = None) -> list[TrustRow]:
        """Return the keys of one publisher, or of all, as they are or were."""
        with self._open_at(TrustView, at) as (connection, view, position):
            return view.now(connection, publisher, position)

    def plugins(self, skill_id: str | None = None, at: Point | None = None) -> list[PluginRow]:
        """Return all plugins, or those of one skill, by id, as they are or were."""
        with self._open_at(PluginView, at) as (connection, view, position):
            return view.now(connection, skill_id, position)

    def hooks(self, at: Point | None = None) -> list[HookRow]:
        """Return all hooks, by id, as they are or were."""
        with self._open_at(HookView, at) as (connection, view, position):
            return view.now(connection) if position is None else view.met_by(connection, position + 1)

    def hook_bindings(self) -> tuple[BindingChange, list[HookRow]]:
        """Return all hooks, by id, and the last event that changed one of them, as of one moment."""
        with self._open(HookView) as (connection, view, _):
            return _last_change(connection, BindingKind.HOOK), view.now(connection)

    def plugin_bindings(self) -> tuple[BindingChange, list[PluginRow]]:
        """Return all plugins, by id, and the last event that changed one of them, as of one moment."""
        with self._open(PluginView) as (connection, view, _):
            return _last_change(connection, BindingKind.PLUGIN), view.now(connection)

    def last_binding_changes(self) -> dict[BindingKind, BindingChange]:
        """Return the last events that changed hooks, and plugins."""
        with self._open(BindingsView) as (connection, view, _):
            return {kind: view.last(connection, kind) for kind in BindingKind}

    def hooks_for_event(self, kind: HookEventKind, at: int) -> list[HookRow]:
        """Return the hooks that an event of this kind meets at the position ``at``, by id.

        They are as all events before it have left them. Those that are disabled are among them.

        Raises:
            ViewBehind: not all of these events have been folded.
        """
        with self._open(HookView) as (connection, view, generation):
            check_folded(generation, at - 1)
            return view.of_kind(connection, kind, at)

    def hooks_for_plugin(self, plugin_id: str, at: int) -> list[HookRow]:
        """Return the hooks of a plugin that an event meets at the position ``at``, by id.

        Raises:
            ViewBehind: not all events before it have been folded.
        """
        with self._open(HookView) as (connection, view, generation):
            check_folded(generation, at - 1)
            return view.of_plugin(connection, plugin_id, at)

    def deliveries(
        self,
        matching: DeliveryFilter = EVERY_DELIVERY,
        *,
        after: int = 0,
        limit: int = LIMIT_DEFAULT,
        newest_first: bool = False,
        at: Point | None = None,
    ) -> list[DeliveryRow]:
        """Return deliveries in the order in which they were scheduled, or in the opposite one.

        To turn the page, give the ``scheduled_position`` of the last one as ``after``.
        """
        with self._open_at(DeliveryView, at) as (connection, view, position):
            return view.page(
                connection,
                matching=matching,
                after=after,
                limit=limit,
                newest_first=newest_first,
                at=position,
            )

    def count_deliveries_by_hook(self, matching: DeliveryFilter = EVERY_DELIVERY) -> dict[str, int]:
        """Return how many deliveries of each hook match, by hook id."""
        with self._open(DeliveryView) as (connection, view, _):
            return view.count_by_hook(connection, matching)

    def delivery_stats(
        self, key: StatsKey, matching: DeliveryFilter = EVERY_DELIVERY, at: Point | None = None
    ) -> list[DeliveryStats]:
        """Return the figures of the deliveries that match, or matched, by hook, plugin or outcome."""
        with self._open_at(DeliveryView, at) as (connection, view, position):
            return view.stats(connection, key, matching, position)

    def deliveries_before(
        self, row: DeliveryRow, limit: int = LIMIT_DEFAULT, at: Point | None = None
    ) -> list[DeliveryRow]:
        """Return the open deliveries that an open one waits behind, or waited, in order."""
        with self._open_at(DeliveryView, at) as (connection, view, position):
            return view.before(connection, row, limit, position)

    def delivery(self, delivery_id: str, at: Point | None = None) -> DeliveryRow:
        """Return one delivery, as it is or was.

        Raises:
            UnknownDelivery: it was never scheduled, or later.
        """
        with self._open_at(DeliveryView, at) as (connection, view, position):
            row = view.one(connection, delivery_id, position)
        if row is None:
            raise UnknownDelivery(f"Delivery {delivery_id} was never scheduled.", delivery_id=delivery_id)
        return row

    def attempts(self, delivery_id: str, at: Point | None = None) -> list[AttemptRow]:
        """Return the attempts of a delivery, in order; none where it was never attempted."""
        with self._open_at(DeliveryView, at) as (connection, view, position):
            return view.attempts(connection, delivery_id, position)

    def due_deliveries(
        self, now: datetime, limit: int = LIMIT_DEFAULT, *, after_hook: str = "", busy: Busy = NOT_BUSY
    ) -> list[DeliveryRow]:
        """Return what may be carried out at ``now``: at most one delivery of each ordering key.

        Hooks have turns, in the order of their ids; the first is the one after ``after_hook``. What is
        ``busy`` is left out.
        """
        with self._open(DeliveryView) as (connection, view, _):
            return view.due(connection, now, limit, after_hook=after_hook, busy=busy)

    def has_due_deliveries(self, now: datetime, until: int) -> bool:
        """Return whether something that an event up to ``until`` set off may be carried out at ``now``."""
        with self._open(DeliveryView) as (connection, view, _):
            return view.has_due(connection, now, until)

    def open_deliveries(self) -> int:
        """Return how many deliveries an attempt is still to come for."""
        with self._open(DeliveryView) as (connection, view, _):
            return view.open_count(connection)

    def next_retry_at(self, after: datetime | None = None) -> datetime | None:
        """Return when the first retry that is not held back by an older delivery is due, if there is one.

        With ``after``, those that are due at that time do not count.
        """
        with self._open(DeliveryView) as (connection, view, _):
            return view.next_retry_at(connection, after)

    def faults(self, position: int, runs: int) -> list[Fault]:
        """Return the sandbox faults among the last ``runs`` runs of a release, up to one at ``position``.

        Only those since it was last enabled are counted; none where no fault is recorded there.

        Raises:
            ViewBehind: not all events up to it have been folded.
        """
        with self._open(FaultView) as (connection, view, generation):
            check_folded(generation, position)
            return view.up_to(connection, position, runs)

    def storage_use(self, plugin_id: str, at: Point | None = None) -> StorageUse:
        """Return how much a plugin keeps, or kept."""
        with self._open_at(PluginStorageView, at) as (connection, view, position):
            return view.use(connection, plugin_id, position)

    def stored_value(self, plugin_id: str, path: str, at: Point | None = None) -> StoredValue | None:
        """Return the value that a plugin keeps, or kept, at a path; None where there is none."""
        with self._open_at(PluginStorageView, at) as (connection, view, position):
            return view.one(connection, plugin_id, path, position)

    def stored_values(
        self,
        plugin_id: str,
        *,
        beginning: str = "",
        after: str = "",
        limit: int = LIMIT_DEFAULT,
        at: Point | None = None,
    ) -> list[StoredValue]:
        """Return values that a plugin keeps, or kept, by path: those whose paths begin so.

        To turn the page, give the path of the last one as ``after``.
        """
        with self._open_at(PluginStorageView, at) as (connection, view, position):
            return view.page(connection, plugin_id, beginning, after, limit, position)

    def messages(  # noqa: PLR0913 - the filters of a listing
        self,
        *,
        state: MessageState | None = None,
        channel: str | None = None,
        plugin_id: str | None = None,
        after: tuple[int, int] = (0, 0),
        limit: int = LIMIT_DEFAULT,
        at: Point | None = None,
    ) -> list[MessageRow]:
        """Return messages that are not sent, or were not, in the order of sending.

        To turn the page, give the ``position`` and ``place`` of the last one as ``after``.
        """
        with self._open_at(OutboxView, at) as (connection, view, position):
            return view.page(
                connection,
                state=state,
                channel=channel,
                plugin_id=plugin_id,
                after=after,
                limit=limit,
                at=position,
            )

    def message(self, message_id: str) -> MessageRow | None:
        """Return a message, or None where nothing is left to do for it."""
        with self._open(OutboxView) as (connection, view, _):
            return view.one(connection, message_id)

    def due_messages(
        self, channels: Collection[str], now: datetime, limit: int = LIMIT_DEFAULT
    ) -> list[MessageRow]:
        """Return messages to these channels that may be sent at ``now``, in the order of sending."""
        with self._open(OutboxView) as (connection, view, _):
            return view.due(connection, channels, now, limit)

    def next_message_at(self, channels: Collection[str], after: datetime) -> datetime | None:
        """Return when the first message to these channels is due that is not due at ``after``."""
        with self._open(OutboxView) as (connection, view, _):
            return view.next_try_at(connection, channels, after)

    def waiting_messages(self) -> int:
        """Return how many messages a try is still to come for."""
        with self._open(OutboxView) as (connection, view, _):
            return view.waiting(connection)

    def decisions(
        self,
        *,
        phase: RunPhase | None = None,
        kind: DecisionKind | None = None,
        before: int | None = None,
        limit: int = LIMIT_DEFAULT,
        at: Point | None = None,
    ) -> list[DecisionRow]:
        """Return decisions that were taken, the newest first.

        To turn the page, give the position of the last one as ``before``.
        """
        with self._open_at(DecisionView, at) as (connection, view, position):
            ends = [end for end in (before, None if position is None else position + 1) if end is not None]
            return view.page(connection, phase=phase, kind=kind, before=min(ends, default=None), limit=limit)

    def audit(  # noqa: PLR0913 - the filters of a listing
        self,
        *,
        subject: Subject | None = None,
        subject_kind: str | None = None,
        actor: str | None = None,
        search: Search | None = None,
        after: int = 0,
        limit: int = LIMIT_DEFAULT,
        newest_first: bool = False,
        at: Point | None = None,
    ) -> list[AuditRow]:
        """Return events in words, by position: of one subject, of one kind of subjects, by one actor.

        With ``search``, only those in whose words, reason or ids it is found.

        To turn the page, give the position of the last one as ``after``.
        """
        with self._open_at(AuditView, at) as (connection, view, position):
            return view.page(
                connection,
                subject=subject,
                subject_kind=subject_kind,
                actor=actor,
                among=None if search is None else _found(connection, search),
                after=after,
                until=position,
                limit=limit,
                newest_first=newest_first,
            )

    def status(self) -> list[ProjectionStatus]:
        """Return how each generation that is live or being built stands. It folds nothing."""
        return projection_status(self._projector.folder, Status.LIVE, Status.BUILDING)


def _last_change(connection: Connection, kind: BindingKind) -> BindingChange:
    return BindingsView.of(live_generation(connection, BindingsView).number).last(connection, kind)


def _found(connection: Connection, search: Search) -> Select[tuple[int]]:
    index = AuditSearchView.of(live_generation(connection, AuditSearchView).number)
    return index.positions(connection, search)
