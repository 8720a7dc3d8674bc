import type { QueryOf } from "#/client/ask";
import type { MessageState } from "#/client/nouns";
import { commandOf } from "#/elements/shell-words";

/** What the page of the outbox takes from its address. */
export interface OutboxSearch {
  state?: string | undefined;
  channel?: string | undefined;
  plugin?: string | undefined;
}

/** The states in which a message is in the outbox. */
export const UNSENT: readonly MessageState[] = ["waiting", "retrying", "dead"];

/** Messages of one page. */
const PAGE = 200;

/** Returns the question to the gateway; what is sent next comes first. */
export function outboxQuestion(search: OutboxSearch, at: string | undefined): QueryOf<"messages.list"> {
  const state = UNSENT.find((each) => each === search.state);
  return {
    ...(state !== undefined && { state }),
    ...(search.channel !== undefined && { channel: search.channel }),
    ...(search.plugin !== undefined && { plugin: search.plugin }),
    ...(at !== undefined && { at }),
    limit: PAGE,
  };
}

/** Returns the same question on the command line. */
export function outboxCommand(search: OutboxSearch, at: string | undefined): string {
  return commandOf("outbox list", { ...search, at });
}

/** What an operator can do to a message. */
export interface MessageCourse {
  action: "retry" | "discard";
  verb: string;
  about: string;
  done: string;
  needsReason: boolean;
  danger: boolean;
}

const RETRY: MessageCourse = {
  action: "retry",
  verb: "Try again now",
  about: "Its next try is due at once, and it is tried as often as at first. The receiver knows it again by its key.",
  done: "is tried again.",
  needsReason: false,
  danger: false,
};

const DISCARD: MessageCourse = {
  action: "discard",
  verb: "Discard",
  about: "It is not sent any more; a try that is under way may still bring it. It stays in the log.",
  done: "is discarded.",
  needsReason: true,
  danger: true,
};

const BY_STATE: Readonly<Record<MessageState, readonly MessageCourse[]>> = {
  waiting: [DISCARD],
  retrying: [RETRY, DISCARD],
  dead: [RETRY, DISCARD],
  sent: [],
  discarded: [],
};

/** Returns what can be done to a message in a state, the likeliest first. */
export function messageCoursesOf(state: MessageState): readonly MessageCourse[] {
  return BY_STATE[state];
}
