"""Views of the log: what is installed, bound, scheduled and done, folded from events."""

from projections.attempt import AttemptRow
from projections.audit import AuditRow
from projections.bindings import BINDING_EVENTS, BindingChange, BindingKind
from projections.catalogue import PROJECTIONS, with_reports
from projections.compare import Difference
from projections.dead_letter import DeadLetter, dead_letters, discard_dead_letters
from projections.decision import DecisionRow
from projections.delivery import DeliveryRow
from projections.delivery_filter import EVERY_DELIVERY, DeliveryFilter, Point
from projections.delivery_stats import DeliveryStats, StatsKey
from projections.due import Busy
from projections.engine import open_engine, reading, writing
from projections.errors import (
    FillingKilled,
    InvalidProjection,
    NothingToGoBackTo,
    ProjectionFailed,
    QueryFailed,
    RebuildGivenUp,
    RebuildRunning,
    RowsNotKept,
    UnknownProjection,
    ViewBehind,
    ViewDamaged,
    ViewDiffers,
    ViewPaused,
)
from projections.fact import LogReader
from projections.filling import fill_here
from projections.fold import Progress
from projections.generation import Generation, Status
from projections.hook import HookRow
from projections.keeping import can_keep, check_kept
from projections.outbox import MessageRow
from projections.plugin import PluginRow
from projections.plugin_storage import StorageUse, StoredValue
from projections.projection import Projection
from projections.projector import Projector
from projections.query import Answer, ask
from projections.rollback import drop_builds, roll_back
from projections.search import InvalidSearch, Search, parse_search
from projections.sharing import filling_in_processes
from projections.skill import SkillRow
from projections.status import ProjectionStatus, builds, projection_status
from projections.summary import Subject
from projections.surface import SurfaceContent, SurfaceProblem, SurfaceRow
from projections.texts import forget_erased
from projections.token import TokenRow
from projections.trust import TrustRow
from projections.verify import Verdict, compare_builds, content_digest, verify
from projections.views import Views

__all__ = [
    "BINDING_EVENTS",
    "EVERY_DELIVERY",
    "PROJECTIONS",
    "Answer",
    "AttemptRow",
    "AuditRow",
    "BindingChange",
    "BindingKind",
    "Busy",
    "DeadLetter",
    "DecisionRow",
    "DeliveryFilter",
    "DeliveryRow",
    "DeliveryStats",
    "Difference",
    "FillingKilled",
    "Generation",
    "HookRow",
    "InvalidProjection",
    "InvalidSearch",
    "LogReader",
    "MessageRow",
    "NothingToGoBackTo",
    "PluginRow",
    "Point",
    "Progress",
    "Projection",
    "ProjectionFailed",
    "ProjectionStatus",
    "Projector",
    "QueryFailed",
    "RebuildGivenUp",
    "RebuildRunning",
    "RowsNotKept",
    "Search",
    "SkillRow",
    "StatsKey",
    "Status",
    "StorageUse",
    "StoredValue",
    "Subject",
    "SurfaceContent",
    "SurfaceProblem",
    "SurfaceRow",
    "TokenRow",
    "TrustRow",
    "UnknownProjection",
    "Verdict",
    "ViewBehind",
    "ViewDamaged",
    "ViewDiffers",
    "ViewPaused",
    "Views",
    "ask",
    "builds",
    "can_keep",
    "check_kept",
    "compare_builds",
    "content_digest",
    "dead_letters",
    "discard_dead_letters",
    "drop_builds",
    "fill_here",
    "filling_in_processes",
    "forget_erased",
    "open_engine",
    "parse_search",
    "projection_status",
    "reading",
    "roll_back",
    "verify",
    "with_reports",
    "writing",
]
