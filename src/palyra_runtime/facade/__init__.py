"""What programs and the command line do: one class for each noun."""

from palyra_runtime.facade.activity import ActorActivity
from palyra_runtime.facade.audit import AuditTrail
from palyra_runtime.facade.blobs import BlobDetail, Blobs, InvalidDigest
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
from palyra_runtime.facade.events import Events, LogIdentity
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
from palyra_runtime.facade.ledger import AuditReport, Ledger
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
from palyra_runtime.facade.replay import CandidateNotChosen, InvalidStretch, Replay, UnreadableModule
from palyra_runtime.facade.retention import Retention, RetentionReport
from palyra_runtime.facade.skills import Skills
from palyra_runtime.facade.sources import ArtifactSources, UnreadableArtifact
from palyra_runtime.facade.subjects import ActorName, Erasure, InvalidActorName, Subjects, UnknownSubject
from palyra_runtime.facade.surfaces import (
    FormChanged,
    Submitted,
    SurfaceDetail,
    SurfaceIsClosed,
    Surfaces,
    UnknownForm,
    UnknownSurface,
)
from palyra_runtime.facade.tokens import IssuedToken, TokenLifetimeOutOfRange, Tokens
from palyra_runtime.facade.trust import Revocation, Trust
from palyra_runtime.facade.upkeep import BuildPulse, NothingChosen, Pulse, RebuildPlan, Upkeep
from palyra_runtime.facade.verification import InstalledSkill, ReleaseDiffers, Verification, Verified
from palyra_runtime.facade.vetting import Vetting

__all__ = [
    "Action",
    "ActorActivity",
    "ActorName",
    "ArtifactSources",
    "AttemptDetail",
    "AttemptsOutOfRange",
    "AuditReport",
    "AuditTrail",
    "BlobDetail",
    "Blobs",
    "BuildPulse",
    "BulkPlan",
    "BulkReport",
    "CandidateNotChosen",
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
    "Erasure",
    "EventDetail",
    "Events",
    "Examined",
    "FormChanged",
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
    "InstalledSkill",
    "InvalidActorName",
    "InvalidDigest",
    "InvalidStretch",
    "IssuedToken",
    "LeaseRow",
    "Ledger",
    "LogIdentity",
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
    "Pulse",
    "RebuildPlan",
    "Recheck",
    "RecheckResult",
    "Rechecks",
    "RecordedNotShown",
    "ReleaseChange",
    "ReleaseDiff",
    "ReleaseDiffers",
    "Replay",
    "Retention",
    "RetentionReport",
    "Revocation",
    "RunRow",
    "SecretInConfig",
    "Skills",
    "StoredValueDetail",
    "Subjects",
    "Submitted",
    "SurfaceDetail",
    "SurfaceIsClosed",
    "Surfaces",
    "TokenLifetimeOutOfRange",
    "Tokens",
    "TooManyHooks",
    "Trust",
    "UnknownDecision",
    "UnknownEntrypoint",
    "UnknownForm",
    "UnknownMessage",
    "UnknownOrdering",
    "UnknownPhase",
    "UnknownStoredValue",
    "UnknownSubject",
    "UnknownSurface",
    "UnreadableArtifact",
    "UnreadableModule",
    "Upkeep",
    "Verification",
    "Verified",
    "Vetting",
]
