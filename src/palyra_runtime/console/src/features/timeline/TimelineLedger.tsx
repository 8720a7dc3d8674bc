import type { AuditEntry } from "#/client/nouns";
import { type Column, Ledger } from "#/elements/Ledger";
import { Moment } from "#/elements/Moment";
import { whole } from "#/elements/numbers";
import { shownSubject } from "#/elements/shown-id";

import { EventMark } from "./EventMark";

const COLUMNS: ReadonlyArray<Column<AuditEntry>> = [
  {
    id: "position",
    head: "Position",
    track: "5rem",
    phone: "hidden",
    cell: (row) => <span className="mono soft figures">{whole(row.position)}</span>,
  },
  {
    id: "what",
    head: "What happened",
    track: "minmax(14rem, 3fr)",
    phone: "lead",
    cell: (row) => (
      <span className="event-line">
        <EventMark topic={row.topic} />
        <span className="two-line">
          <span className="clip roomy">
            <strong title={row.subject_id}>{shownSubject(row)}</strong> {row.summary}
          </span>
          {row.reason !== null && <small>“{row.reason}”</small>}
        </span>
      </span>
    ),
  },
  { id: "topic", head: "Event", track: "minmax(8rem, 1fr)", phone: "hidden", cell: (row) => <code className="clip soft">{row.topic.split("@")[0]}</code> },
  { id: "actor", head: "By", track: "minmax(7rem, 1fr)", cell: (row) => <span className="clip soft">{row.actor}</span> },
  { id: "when", head: "When", track: "6rem", align: "end", phone: "end", cell: (row) => <Moment at={row.timestamp} /> },
];

interface Props {
  rows: readonly AuditEntry[];
  onEnd?: (() => void) | undefined;
  isLoadingMore?: boolean;
}

/** Events as a listing. */
export function TimelineLedger({ rows, onEnd, isLoadingMore = false }: Props) {
  return (
    <Ledger
      label="Events"
      rows={rows}
      columns={COLUMNS}
      rowKey={(row) => row.position}
      open={(row) => ({ to: "/timeline/$position", params: { position: String(row.position) } })}
      onEnd={onEnd}
      isLoadingMore={isLoadingMore}
      rowHeight={46}
    />
  );
}
