"""The views that Palyra keeps."""

from __future__ import annotations

from projections.audit import AuditView
from projections.delivery import DeliveryView
from projections.hook import HookView
from projections.outbox import OutboxView
from projections.plugin import PluginView
from projections.plugin_storage import PluginStorageView
from projections.projection import Projection
from projections.skill import SkillView

PROJECTIONS: tuple[type[Projection], ...] = (
    AuditView,
    DeliveryView,
    HookView,
    OutboxView,
    PluginView,
    PluginStorageView,
    SkillView,
)
