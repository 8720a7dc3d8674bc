import type { components } from "#/contract/api";

type Schemas = components["schemas"];

// The words of the console for what the gateway tells.
export type AuditEntry = Schemas["AuditRow"];
export type Attempt = Schemas["AttemptRecord"];
export type AttemptTranscript = Schemas["TranscriptRecord"];
export type Checkpoint = Schemas["CheckpointRecord"];
export type Delivery = Schemas["DeliveryRow"];
export type Message = Schemas["MessageRow"];
export type MessageDetail = Schemas["MessageDetail"];
export type MessageState = Schemas["MessageState"];
export type DeliveryDetail = Schemas["DeliveryRecord"];
export type DeliveryFigures = Schemas["DeliveryStats"];
export type DeliveryState = Schemas["DeliveryState"];
export type EventKind = Schemas["HookEventKind"];
export type GatewayStatus = Schemas["GatewayStatus"];
export type GatewayRun = Schemas["RunRow"];
export type Grants = Schemas["GrantsRecord"];
export type Hook = Schemas["HookRow"];
export type Inspection = Schemas["Inspection"];
export type LogEvent = Schemas["EventRecord"];
export type Plugin = Schemas["PluginRow"];
export type Profile = Schemas["PluginCapabilityProfile"];
export type Projection = Schemas["ProjectionStatus"];
export type Release = Schemas["SkillRow"];
export type ReleaseDiff = Schemas["ReleaseDiff"];
export type Surface = Schemas["SurfaceRow"];
export type SurfaceDetail = Schemas["SurfaceDetail"];
export type Job = Schemas["Job"];
export type BulkPlan = Schemas["BulkPlanRecord"];
export type ReleaseChange = Schemas["ReleaseChangeRecord"];
export type PluginConfiguration = Schemas["PluginConfigDetail"];
export type ConfigField = Schemas["ConfigField"];
export type Tool = Schemas["ToolSummary"];
export type ToolRun = Schemas["ToolResult"];
