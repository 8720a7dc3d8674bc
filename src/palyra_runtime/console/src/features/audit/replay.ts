/** One way in which a replay differs from what was recorded. */
export interface ReplayDifference {
  aspect: string;
  message: string;
  diff: string[];
}

/** What an event says that a replay does not. */
export interface ReplayFinding {
  position: number;
  subject: string;
  differences: ReplayDifference[];
}

/** How many of each kind. */
export type Counts = Readonly<Record<string, number>>;

/** What a replay came to; the result of a job, whose type the gateway's document leaves open. */
export interface Replay {
  first: number;
  last: number;
  /** Runs that were compared, by their kind. */
  replayed: Counts;
  /** Runs that were not, by why. */
  not_compared: Counts;
  deliveries: number;
  decisions: number;
  /** Events by which deliveries went on, or that the engine appended of its own accord. */
  follow_ups: number;
  duration_us: number;
  findings_count: number;
  findings: ReplayFinding[];
}

/** Returns the result of a job as a replay, or null where it is none. */
export function replayOf(result: unknown): Replay | null {
  return typeof result === "object" && result !== null && "replayed" in result ? (result as Replay) : null;
}
