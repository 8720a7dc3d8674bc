import type { BodyOf, QueryOf } from "#/client/ask";
import type { DeliveryState, EventKind } from "#/client/nouns";
import { commandOf } from "#/elements/shell-words";

/** What the page takes from its address. */
export interface DeliverySearch {
  state?: string | undefined;
  hook?: string | undefined;
  plugin?: string | undefined;
  event?: string | undefined;
  since?: string | undefined;
}

export const STATES: readonly DeliveryState[] = ["scheduled", "retrying", "succeeded", "dead", "skipped", "cancelled"];

export const EVENT_KINDS: readonly EventKind[] = [
  "gateway:startup",
  "skill:enabled",
  "skill:quarantined",
  "skill:disabled",
  "form:submitted",
];

/** Deliveries of one page. */
const PAGE = 200;

/** Returns the states that a filter names; `open` are those that are still to be carried out. */
export function statesOf(state: string | undefined): DeliveryState[] {
  if (state === "open") return ["scheduled", "retrying"];
  return STATES.filter((each) => each === state);
}

function eventOf(event: string | undefined): EventKind | number | undefined {
  if (event === undefined) return undefined;
  return /^\d+$/.test(event) ? Number(event) : (event as EventKind);
}

/** Returns the question to the gateway; the newest come first. */
export function questionOf(search: DeliverySearch, at: string | undefined): QueryOf<"deliveries.list"> {
  const states = statesOf(search.state);
  const event = eventOf(search.event);
  return {
    ...(states.length > 0 && { states }),
    ...(search.hook !== undefined && { hook_id: search.hook }),
    ...(search.plugin !== undefined && { plugin_id: search.plugin }),
    ...(event !== undefined && { event }),
    ...(search.since !== undefined && { since: search.since }),
    ...(at !== undefined && { at }),
    newest_first: true,
    limit: PAGE,
  };
}

/** Returns the same question on the command line. */
export function commandFor(search: DeliverySearch, at: string | undefined): string {
  const states = statesOf(search.state).map((state) => ` --state ${state}`);
  return commandOf(`delivery list --newest${states.join("")}`, {
    hook: search.hook,
    plugin: search.plugin,
    event: search.event,
    since: search.since,
    at,
  });
}

/** Returns what a change of many is about: all deliveries that match the filters of the page. */
export function matchingOf(search: DeliverySearch): NonNullable<BodyOf<"deliveries.plan">["matching"]> {
  return {
    states: statesOf(search.state),
    hook_id: search.hook ?? null,
    plugin_id: search.plugin ?? null,
    event: eventOf(search.event) ?? null,
    since: search.since ?? null,
  };
}
