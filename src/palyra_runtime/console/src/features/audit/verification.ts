/** One thing that a verification found: from a position to another, where it has a place. */
export interface Finding {
  damage: string;
  message: string;
  position: number | null;
  last_position: number | null;
}

/** What a verification came to; the result of a job, whose type the gateway's document leaves open. */
export interface Verification {
  is_sound: boolean;
  first_bad_position: number | null;
  head: number;
  events: number;
  checkpoints: number;
  signed: number;
  signed_at: string | null;
  root: string | null;
  erased: number;
  views: string[];
  findings: Finding[];
}

/** Returns the result of a job as a verification, or null where it is none. */
export function verificationOf(result: unknown): Verification | null {
  return typeof result === "object" && result !== null && "is_sound" in result ? (result as Verification) : null;
}
