import type { EventKind } from "#/client/nouns";

/** A kind that people bind hooks to; forms are for the plugin whose page they are on. */
export type Bindable = Exclude<EventKind, "form:submitted">;

/** When events of each kind happen, or phases of a run are asked. */
export const KINDS: Readonly<Record<Bindable, string>> = {
  "gateway:startup": "when a gateway has started",
  "skill:enabled": "when a release may run",
  "skill:quarantined": "when a release was stopped",
  "skill:disabled": "when a release was switched off",
  "run:before_run": "before an agent begins",
  "run:before_tool": "before an agent calls a tool",
  "run:after_tool": "after a tool has answered",
  "run:before_delivery": "before an answer goes out",
  "run:after_run": "after an agent is done",
};

export const BINDABLE = Object.keys(KINDS) as Bindable[];

/** Returns whether events of a kind become deliveries; the phases of a run are asked, and answered at once. */
export function isQueued(kind: EventKind): boolean {
  return !kind.startsWith("run:");
}

/** What the deliveries of a hook keep in order. */
export const ORDERINGS = {
  hook: "one after another, in the order of events",
  skill: "one after another, with the other hooks of the skill that say so",
  none: "all at the same time",
} as const;

/** What it means where a hook of a phase gives no answer. */
export const RULES = {
  block: "the run is blocked, where the phase allows that",
  continue: "the run goes on",
} as const;
