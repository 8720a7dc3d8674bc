"""What programs and the command line do: one class for each noun."""

from palyra_runtime.facade.audit import AuditTrail
from palyra_runtime.facade.deliveries import AttemptDetail, Deliveries, DeliveryDetail
from palyra_runtime.facade.dispatch import Dispatch, Gateway
from palyra_runtime.facade.events import EventDetail, Events
from palyra_runtime.facade.hooks import AttemptsOutOfRange, HookEventNotQueued, Hooks
from palyra_runtime.facade.page import PageOutOfRange
from palyra_runtime.facade.plugins import Plugins, UnknownEntrypoint
from palyra_runtime.facade.recorded import RecordedNotShown
from palyra_runtime.facade.skills import Skills, UnreadableArtifact
from palyra_runtime.facade.upkeep import Upkeep

__all__ = [
    "AttemptDetail",
    "AttemptsOutOfRange",
    "AuditTrail",
    "Deliveries",
    "DeliveryDetail",
    "Dispatch",
    "EventDetail",
    "Events",
    "Gateway",
    "HookEventNotQueued",
    "Hooks",
    "PageOutOfRange",
    "Plugins",
    "RecordedNotShown",
    "Skills",
    "UnknownEntrypoint",
    "UnreadableArtifact",
    "Upkeep",
]
