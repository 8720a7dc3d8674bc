/** What a colour means; each has a glyph too, so that nobody needs to tell colours apart. */
export type Tone = "good" | "warn" | "bad" | "info" | "held" | "plain";

const TONES: Readonly<Record<string, Tone>> = {
  // releases
  installed: "info",
  enabled: "good",
  quarantined: "held",
  disabled: "plain",
  removed: "plain",
  // deliveries
  scheduled: "info",
  retrying: "warn",
  succeeded: "good",
  dead: "bad",
  skipped: "plain",
  cancelled: "plain",
  // messages
  waiting: "info",
  sent: "good",
  discarded: "plain",
  // gateways
  up: "good",
  stopped: "plain",
  "ended without stopping": "warn",
  // builds of views
  live: "good",
  building: "info",
  retired: "plain",
  // publishers' keys
  trusted: "good",
  pinned: "good",
  revoked: "bad",
  superseded: "plain",
  // decisions
  allow: "good",
  annotate: "info",
  modify: "warn",
  require_approval: "warn",
  block: "bad",
  // log levels
  trace: "plain",
  debug: "plain",
  info: "info",
  warning: "warn",
  error: "bad",
};

/** Returns the tone of a state; one that is not known is shown plainly rather than guessed. */
export function toneOf(state: string): Tone {
  return TONES[state] ?? "plain";
}

/** Returns the tone of what an attempt came to, such as `ok` or `trapped:unreachable`. */
export function toneOfOutcome(outcome: string | null | undefined): Tone {
  if (outcome == null) return "plain";
  return outcome === "ok" ? "good" : "bad";
}
