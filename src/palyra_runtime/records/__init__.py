"""What programs are told: the JSON of the command line and of the gateway, as types."""

from palyra_runtime.records.decision import DecisionRecord
from palyra_runtime.records.delivery import (
    AttemptRecord,
    BulkPlanRecord,
    DeliveryRecord,
    TranscriptRecord,
)
from palyra_runtime.records.erasure import ErasurePlanRecord, KindRecord, RetentionPlanRecord
from palyra_runtime.records.event import EventRecord
from palyra_runtime.records.ledger import (
    AuditReportRecord,
    CheckpointRecord,
    FindingRecord,
    VerificationRecord,
)
from palyra_runtime.records.plugin import DifferenceRecord, GrantsRecord
from palyra_runtime.records.replay import ReplayRecord
from palyra_runtime.records.skill import ReleaseChangeRecord
from palyra_runtime.records.standing import standing

__all__ = [
    "AttemptRecord",
    "AuditReportRecord",
    "BulkPlanRecord",
    "CheckpointRecord",
    "DecisionRecord",
    "DeliveryRecord",
    "DifferenceRecord",
    "ErasurePlanRecord",
    "EventRecord",
    "FindingRecord",
    "GrantsRecord",
    "KindRecord",
    "ReleaseChangeRecord",
    "ReplayRecord",
    "RetentionPlanRecord",
    "TranscriptRecord",
    "VerificationRecord",
    "standing",
]
