"""What happens to skills, plugins, hooks and deliveries, and the rules of it.

Events, the states that they fold to, and the errors. The commands are in `palyra_events.application`;
programs that embed Palyra reach them through `palyra_runtime.Palyra`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from palyra_events.exports import on_demand

if TYPE_CHECKING:
    from palyra_events.blob import BlobRef, SealedRef
    from palyra_events.capabilities import PluginCapabilityProfile
    from palyra_events.delivery import (
        AttemptFailed,
        AttemptSucceeded,
        Delivery,
        DeliveryDeadLettered,
        DeliveryScheduled,
        DeliverySkipped,
        DeliveryState,
    )
    from palyra_events.effect import ChannelMessage, Effects, StorageWrite
    from palyra_events.errors import (
        AlreadyExists,
        AuditFailed,
        CapabilityDenied,
        Conflict,
        DatabaseDamaged,
        DatabaseLocked,
        DatabaseMissing,
        DatabaseReadOnly,
        DatabaseTooNew,
        DatabaseUnavailable,
        DiskFull,
        DriverMissing,
        EventTooLarge,
        Findings,
        IllegalTransition,
        InvalidDatabaseUrl,
        InvalidIdentifier,
        InvalidInput,
        LogDamaged,
        NotAllowed,
        NotFound,
        PalyraError,
        ReasonRequired,
        ReasonTooLong,
        RunFailed,
        StalePosition,
        StaleVersion,
        StorageFailed,
        Unavailable,
        UnknownBlob,
        UnknownDelivery,
        UnknownEvent,
        UnknownEventType,
        UnknownHook,
        UnknownPlugin,
        UnknownRelease,
        UnknownSkill,
        UnsafeEnvironment,
    )
    from palyra_events.event import Event
    from palyra_events.gateway import GatewayStarted, GatewayStopped
    from palyra_events.hook import Hook, HookBound, HookDisabled, HookEnabled, HookRebound, Target
    from palyra_events.invocation import Invocation, LimitsRecord
    from palyra_events.lifecycle import HookEventKind, UnknownHookEvent
    from palyra_events.message import Message, MessageFailed, MessageSent, MessageState
    from palyra_events.plugin import Binding, Plugin, PluginBound, PluginRebound
    from palyra_events.publisher import Publisher, PublisherPinned
    from palyra_events.skill import (
        ModuleFact,
        Release,
        ReleaseFacts,
        ReleaseState,
        Skill,
        SkillAudited,
        SkillDisabled,
        SkillEnabled,
        SkillInstalled,
        SkillQuarantined,
    )
    from palyra_events.strict_json import InvalidJson
    from palyra_events.tool_run import PluginInvoked
    from palyra_events.versioned_json import InvalidSchemaVersion, NotAnObject, UnsupportedSchemaVersion

__all__ = [
    "AlreadyExists",
    "AttemptFailed",
    "AttemptSucceeded",
    "AuditFailed",
    "Binding",
    "BlobRef",
    "CapabilityDenied",
    "ChannelMessage",
    "Conflict",
    "DatabaseDamaged",
    "DatabaseLocked",
    "DatabaseMissing",
    "DatabaseReadOnly",
    "DatabaseTooNew",
    "DatabaseUnavailable",
    "Delivery",
    "DeliveryDeadLettered",
    "DeliveryScheduled",
    "DeliverySkipped",
    "DeliveryState",
    "DiskFull",
    "DriverMissing",
    "Effects",
    "Event",
    "EventTooLarge",
    "Findings",
    "GatewayStarted",
    "GatewayStopped",
    "Hook",
    "HookBound",
    "HookDisabled",
    "HookEnabled",
    "HookEventKind",
    "HookRebound",
    "IllegalTransition",
    "InvalidDatabaseUrl",
    "InvalidIdentifier",
    "InvalidInput",
    "InvalidJson",
    "InvalidSchemaVersion",
    "Invocation",
    "LimitsRecord",
    "LogDamaged",
    "Message",
    "MessageFailed",
    "MessageSent",
    "MessageState",
    "ModuleFact",
    "NotAllowed",
    "NotAnObject",
    "NotFound",
    "PalyraError",
    "Plugin",
    "PluginBound",
    "PluginCapabilityProfile",
    "PluginInvoked",
    "PluginRebound",
    "Publisher",
    "PublisherPinned",
    "ReasonRequired",
    "ReasonTooLong",
    "Release",
    "ReleaseFacts",
    "ReleaseState",
    "RunFailed",
    "SealedRef",
    "Skill",
    "SkillAudited",
    "SkillDisabled",
    "SkillEnabled",
    "SkillInstalled",
    "SkillQuarantined",
    "StalePosition",
    "StaleVersion",
    "StorageFailed",
    "StorageWrite",
    "Target",
    "Unavailable",
    "UnknownBlob",
    "UnknownDelivery",
    "UnknownEvent",
    "UnknownEventType",
    "UnknownHook",
    "UnknownHookEvent",
    "UnknownPlugin",
    "UnknownRelease",
    "UnknownSkill",
    "UnsafeEnvironment",
    "UnsupportedSchemaVersion",
]

__getattr__ = on_demand(
    __name__,
    __all__,
    [
        "errors",
        "strict_json",
        "versioned_json",
        "lifecycle",
        "blob",
        "capabilities",
        "event",
        "gateway",
        "skill",
        "plugin",
        "hook",
        "publisher",
        "invocation",
        "effect",
        "delivery",
        "message",
        "tool_run",
    ],
)
