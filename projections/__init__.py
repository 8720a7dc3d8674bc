"""Views of the log: what is installed, bound, scheduled and done, folded from events."""

from projections.attempt import AttemptRow
from projections.audit import AuditRow
from projections.catalogue import PROJECTIONS
from projections.delivery import DeliveryRow
from projections.engine import open_engine, reading, writing
from projections.errors import ProjectionFailed, UnknownProjection, ViewBehind, ViewDamaged
from projections.fact import LogReader
from projections.fold import Progress
from projections.generation import Status
from projections.hook import HookRow
from projections.outbox import MessageRow
from projections.plugin import PluginRow
from projections.plugin_storage import StorageUse, StoredValue
from projections.projection import Projection
from projections.projector import Projector
from projections.skill import SkillRow
from projections.status import ProjectionStatus
from projections.summary import Subject
from projections.verify import content_digest
from projections.views import Views

__all__ = [
    "PROJECTIONS",
    "AttemptRow",
    "AuditRow",
    "DeliveryRow",
    "HookRow",
    "LogReader",
    "MessageRow",
    "PluginRow",
    "Progress",
    "Projection",
    "ProjectionFailed",
    "ProjectionStatus",
    "Projector",
    "SkillRow",
    "Status",
    "StorageUse",
    "StoredValue",
    "Subject",
    "UnknownProjection",
    "ViewBehind",
    "ViewDamaged",
    "Views",
    "content_digest",
    "open_engine",
    "reading",
    "writing",
]
