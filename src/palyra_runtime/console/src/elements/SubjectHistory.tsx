import { useAnswer } from "#/client/queries";

import { Answer } from "./Answer";
import { HistoryPanel } from "./HistoryPanel";

/** How many events are shown; the timeline has all. */
const SHOWN = 30;

/** The newest of what happened to one thing. */
export function SubjectHistory({ kind, id }: { kind: string; id: string }) {
  const query = useAnswer("audit.log", { query: { subject: `${kind}:${id}`, limit: SHOWN, newest_first: true } });
  return <Answer query={query}>{({ items }) => <HistoryPanel title="What happened" entries={[...items].reverse()} />}</Answer>;
}
