"""What programs are told: the JSON of the command line and of the gateway, as types."""

from palyra_runtime.records.decision import DecisionRecord
from palyra_runtime.records.delivery import (
    AttemptRecord,
    BulkPlanRecord,
    DeliveryRecord,
    DeliveryStatsRecord,
    TranscriptRecord,
)
from palyra_runtime.records.event import EventRecord
from palyra_runtime.records.ledger import CheckpointRecord, FindingRecord, VerificationRecord
from palyra_runtime.records.plugin import DifferenceRecord, GrantsRecord
from palyra_runtime.records.skill import ReleaseChangeRecord
from palyra_runtime.records.standing import standing

__all__ = [
    "AttemptRecord",
    "BulkPlanRecord",
    "CheckpointRecord",
    "DecisionRecord",
    "DeliveryRecord",
    "DeliveryStatsRecord",
    "DifferenceRecord",
    "EventRecord",
    "FindingRecord",
    "GrantsRecord",
    "ReleaseChangeRecord",
    "TranscriptRecord",
    "VerificationRecord",
    "standing",
]
