"""What programs and the command line do: one class for each noun."""

from palyra_runtime.facade.activity import ActorActivity
from palyra_runtime.facade.audit import AuditTrail
from palyra_runtime.facade.database import Database
from palyra_runtime.facade.decisions import Decisions, UnknownDecision, UnknownPhase
from palyra_runtime.facade.deliveries import AttemptDetail, Deliveries, DeliveryDetail
from palyra_runtime.facade.delivery_bulk import Action, BulkPlan, BulkReport
from palyra_runtime.facade.delivery_changes import ChangeFilter, DeliveryChange
from palyra_runtime.facade.dispatch import Dispatch
from palyra_runtime.facade.doctor import Check, Doctor, Examined, Patient
from palyra_runtime.facade.enabling import Enabling
from palyra_runtime.facade.entitlement import Entitled, Entitlement
from palyra_runtime.facade.event_detail import EventDetail
from palyra_runtime.facade.events import Events
from palyra_runtime.facade.gateway import ConsumerRow, Gateway, GatewayStatus, LeaseRow, RunRow
from palyra_runtime.facade.hooks import (
    AttemptsOutOfRange,
    HookOptionMisplaced,
    Hooks,
    TooManyHooks,
    UnknownOrdering,
)
from palyra_runtime.facade.import_plan import (
    ImportAction,
    ImportConflict,
    ImportItem,
    ImportPlan,
    ImportRefused,
)
from palyra_runtime.facade.inspection import Inspection
from palyra_runtime.facade.ledger import Ledger
from palyra_runtime.facade.messages import MessageDetail, MessageEvent, Messages, UnknownMessage
from palyra_runtime.facade.page import PageOutOfRange
from palyra_runtime.facade.plugin_config import (
    ConfigField,
    ConfigRefused,
    PluginConfigDetail,
    PluginConfigs,
    SecretInConfig,
)
from palyra_runtime.facade.plugin_storage import PluginStorage, StoredValueDetail, UnknownStoredValue
from palyra_runtime.facade.plugins import Plugins, UnknownEntrypoint
from palyra_runtime.facade.recheck import Recheck, RecheckResult, Rechecks
from palyra_runtime.facade.recorded import RecordedNotShown
from palyra_runtime.facade.release_change import ConsentRequired, PluginChange, ReleaseChange
from palyra_runtime.facade.release_diff import ReleaseDiff
from palyra_runtime.facade.skills import Skills
from palyra_runtime.facade.sources import ArtifactSources, UnreadableArtifact
from palyra_runtime.facade.trust import Revocation, Trust
from palyra_runtime.facade.upkeep import NothingChosen, RebuildPlan, Upkeep
from palyra_runtime.facade.verification import ReleaseDiffers, Verification, Verified
from palyra_runtime.facade.vetting import Vetting

__all__ = [
    "Action",
    "ActorActivity",
    "ArtifactSources",
    "AttemptDetail",
    "AttemptsOutOfRange",
    "AuditTrail",
    "BulkPlan",
    "BulkReport",
    "ChangeFilter",
    "Check",
    "ConfigField",
    "ConfigRefused",
    "ConsentRequired",
    "ConsumerRow",
    "Database",
    "Decisions",
    "Deliveries",
    "DeliveryChange",
    "DeliveryDetail",
    "Dispatch",
    "Doctor",
    "Enabling",
    "Entitled",
    "Entitlement",
    "EventDetail",
    "Events",
    "Examined",
    "Gateway",
    "GatewayStatus",
    "HookOptionMisplaced",
    "Hooks",
    "ImportAction",
    "ImportConflict",
    "ImportItem",
    "ImportPlan",
    "ImportRefused",
    "Inspection",
    "LeaseRow",
    "Ledger",
    "MessageDetail",
    "MessageEvent",
    "Messages",
    "NothingChosen",
    "PageOutOfRange",
    "Patient",
    "PluginChange",
    "PluginConfigDetail",
    "PluginConfigs",
    "PluginStorage",
    "Plugins",
    "RebuildPlan",
    "Recheck",
    "RecheckResult",
    "Rechecks",
    "RecordedNotShown",
    "ReleaseChange",
    "ReleaseDiff",
    "ReleaseDiffers",
    "Revocation",
    "RunRow",
    "SecretInConfig",
    "Skills",
    "StoredValueDetail",
    "TooManyHooks",
    "Trust",
    "UnknownDecision",
    "UnknownEntrypoint",
    "UnknownMessage",
    "UnknownOrdering",
    "UnknownPhase",
    "UnknownStoredValue",
    "UnreadableArtifact",
    "Upkeep",
    "Verification",
    "Verified",
    "Vetting",
]
