import type { Tone } from "#/elements/tone";

const TONES: ReadonlyArray<readonly [RegExp, Tone]> = [
  [/DeadLettered|Failed|Revoked|DecisionBlocked/, "bad"],
  [/Quarantined|Erased/, "held"],
  [/Succeeded|Enabled|Trusted|Pinned|MessageSent/, "good"],
  [/Skipped|Cancelled|Disabled|Removed|Unbound|Stopped|Closed/, "plain"],
  [/Requeued|Rotated|Policy/, "warn"],
];

/** A dot that says how an event is to be taken. */
export function EventMark({ topic }: { topic: string }) {
  const tone = TONES.find(([pattern]) => pattern.test(topic))?.[1] ?? "info";
  return <span className={`event-mark tone-${tone}`} aria-hidden="true" />;
}
