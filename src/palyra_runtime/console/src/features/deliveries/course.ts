import type { Delivery } from "#/client/nouns";

/** What an operator can do to a delivery. */
export type Action = "redeliver" | "retry" | "cancel" | "discard";

/** How an action is offered: its verb, what it does, and whether it has to say why. */
export interface Course {
  action: Action;
  verb: string;
  about: string;
  done: string;
  needsReason: boolean;
  danger: boolean;
}

const COURSES: Readonly<Record<Action, Course>> = {
  redeliver: {
    action: "redeliver",
    verb: "Redeliver",
    about: "It is carried out once more in a new round of attempts. What was recorded stays.",
    done: "is delivered once more.",
    needsReason: false,
    danger: false,
  },
  retry: {
    action: "retry",
    verb: "Try again now",
    about: "Its next attempt is due at once, instead of when its pause is over.",
    done: "is tried again.",
    needsReason: false,
    danger: false,
  },
  cancel: {
    action: "cancel",
    verb: "Cancel",
    about: "It is not carried out any more. An attempt that is being made comes to nothing.",
    done: "is cancelled.",
    needsReason: false,
    danger: true,
  },
  discard: {
    action: "discard",
    verb: "Discard",
    about: "The dead letter is put away. It stays in the log, and is dead no longer.",
    done: "is discarded.",
    needsReason: true,
    danger: true,
  },
};

const BY_STATE: Readonly<Record<Delivery["state"], readonly Action[]>> = {
  scheduled: ["cancel"],
  retrying: ["retry", "cancel"],
  succeeded: ["redeliver"],
  dead: ["redeliver", "discard"],
  skipped: ["redeliver"],
  cancelled: ["redeliver"],
};

/** Returns what can be done to a delivery in a state, the likeliest first. */
export function coursesOf(state: Delivery["state"]): readonly Course[] {
  return BY_STATE[state].map((action) => COURSES[action]);
}
