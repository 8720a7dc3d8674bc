"""The views that Palyra keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from projections.audit import AuditView
from projections.audit_search import AuditSearchView
from projections.bindings import BindingsView
from projections.clock import ClockView
from projections.decision import DecisionView
from projections.delivery import DeliveryView
from projections.errors import InvalidProjection
from projections.fault import FaultView
from projections.hook import HookView
from projections.outbox import OutboxView
from projections.plugin import PluginView
from projections.plugin_storage import PluginStorageView
from projections.projection import Projection
from projections.skill import SkillView
from projections.surface import SurfaceView
from projections.token import TokenView
from projections.trust import TrustView

#: it becomes the names of tables
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

PROJECTIONS: tuple[type[Projection], ...] = (
    AuditView,
    AuditSearchView,
    BindingsView,
    ClockView,
    DecisionView,
    DeliveryView,
    FaultView,
    HookView,
    OutboxView,
    PluginView,
    PluginStorageView,
    SkillView,
    SurfaceView,
    TokenView,
    TrustView,
)


def with_reports(reports: Sequence[type[Projection]]) -> tuple[type[Projection], ...]:
    """Return the views that Palyra keeps, and reports of a program that embeds it.

    Raises:
        InvalidProjection: one of these is no report, or has the name of another view.
    """
    names = {projection.name for projection in PROJECTIONS}
    for report in reports:
        if report.is_decision:
            raise InvalidProjection(f"{report.name} is a decision view: only reports can be added.")
        if report.name in names or not _NAME.fullmatch(report.name):
            raise InvalidProjection(f"{report.name!r} is taken, or no name for a view.")
        names.add(report.name)
    return (*PROJECTIONS, *reports)
