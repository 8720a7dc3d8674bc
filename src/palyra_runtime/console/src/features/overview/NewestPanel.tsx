import { Link } from "@tanstack/react-router";

import { useAnswer } from "#/client/queries";
import { HistoryPanel } from "#/elements/HistoryPanel";

/** Events that are shown. */
const SHOWN = 9;

/** What happened last, as it happens. */
export function NewestPanel() {
  const { data } = useAnswer("audit.log", { query: { newest_first: true, limit: SHOWN } });
  if (data === undefined) return null;
  return (
    <HistoryPanel
      title="Newest"
      entries={[...data.items].reverse()}
      withSubject
      actions={<Link to="/timeline">All of it</Link>}
    />
  );
}
