import type { BodyOf } from "#/client/ask";
import type { Hook } from "#/client/nouns";
import { commandOf, quoted } from "#/elements/shell-words";

import type { Bindable, ORDERINGS, RULES } from "./kinds";
import { isQueued } from "./kinds";

/** The most attempts that any policy allows. */
export const ATTEMPTS_LIMIT = 100;

/** What somebody wants of a hook, as it is typed. */
export interface HookWish {
  name: string;
  kind: Bindable;
  plugin: string;
  /** Nothing is what the policy says. */
  attempts: string;
  ordering: keyof typeof ORDERINGS;
  rule: keyof typeof RULES;
}

/** Returns what a hook is, as a wish that changes nothing; or the one to begin with. */
export function wishOf(hook: Hook | undefined, plugin = ""): HookWish {
  if (hook === undefined) return { name: "", kind: "skill:enabled", plugin, attempts: "", ordering: "hook", rule: "block" };
  const { hook_id: name, event_kind: kind, plugin_id, attempts_max, ordering, on_failure: rule } = hook;
  return { name, kind: kind as Bindable, plugin: plugin_id, attempts: isQueued(kind) ? String(attempts_max) : "", ordering, rule };
}

/** Returns what is wrong with a number of attempts. */
export function attemptsProblem(text: string): string | undefined {
  const isFine = text === "" || (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= ATTEMPTS_LIMIT);
  return isFine ? undefined : `A number from 1 to ${ATTEMPTS_LIMIT}.`;
}

/** Returns the body that says so: what the kind does not have is left out. */
export function bodyOf(wish: HookWish, reason: string | null): BodyOf<"hooks.bind"> {
  const common = { event: wish.kind, plugin: wish.plugin, reason };
  if (!isQueued(wish.kind)) return { ...common, ordering: "hook", on_failure: wish.rule };
  return { ...common, ordering: wish.ordering, attempts_max: wish.attempts === "" ? null : Number(wish.attempts) };
}

/** Returns the same as a command. */
export function hookCommand(wish: HookWish, reason: string): string {
  const queued = isQueued(wish.kind);
  return commandOf(`hook bind ${quoted(wish.name || "NAME")}`, {
    event: wish.kind,
    plugin: wish.plugin || "PLUGIN",
    "attempts-max": queued ? wish.attempts : undefined,
    ordering: queued && wish.ordering !== "hook" ? wish.ordering : undefined,
    "on-failure": !queued && wish.rule !== "block" ? wish.rule : undefined,
    reason,
  });
}
