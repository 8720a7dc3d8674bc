import type { Message } from "#/client/nouns";
import { StateBadge } from "#/elements/Badge";
import { type Column, Ledger } from "#/elements/Ledger";
import { Moment } from "#/elements/Moment";

import { Count } from "./Count";

const COLUMNS: ReadonlyArray<Column<Message>> = [
  {
    id: "message",
    head: "Message",
    track: "minmax(7.5rem, 1fr)",
    phone: "lead",
    cell: (row) => (
      <span className="two-line">
        <span className="clip mono">{row.message_id}</span>
        <small>from {row.plugin_id}</small>
      </span>
    ),
  },
  { id: "state", head: "State", track: "7.25rem", phone: "side", cell: (row) => <StateBadge state={row.state} /> },
  { id: "channel", head: "Channel", track: "minmax(5rem, 0.8fr)", phone: "line", cell: (row) => <Channel name={row.channel} /> },
  { id: "tries", head: "Tries", track: "4rem", phone: "line", cell: (row) => <Count count={row.attempts} noun="try" nouns="tries" /> },
  { id: "detail", head: "What came of it", track: "minmax(6rem, 2fr)", phone: "last", cell: (row) => <Result message={row} /> },
  { id: "next", head: "Next try", track: "6rem", phone: "hidden", cell: (row) => <NextTry message={row} /> },
  { id: "created", head: "Created", track: "5.5rem", align: "end", phone: "end", cell: (row) => <Moment at={row.created_at} /> },
];

interface Props {
  rows: readonly Message[];
  onEnd?: (() => void) | undefined;
  isLoadingMore?: boolean;
}

/** Messages as a listing. */
export function MessageLedger({ rows, onEnd, isLoadingMore = false }: Props) {
  return (
    <Ledger
      label="Messages"
      rows={rows}
      columns={COLUMNS}
      rowKey={(row) => row.message_id}
      open={(row) => ({ to: "/deliveries/outbox/$messageId", params: { messageId: row.message_id } })}
      onEnd={onEnd}
      isLoadingMore={isLoadingMore}
      rowHeight={52}
    />
  );
}

function Channel({ name }: { name: string }) {
  return (
    <span className="clip">
      <span className="phone-only faint">to </span>
      {name}
    </span>
  );
}

function Result({ message }: { message: Message }) {
  if (message.outcome === null) return <span className="clip faint wide-only">not tried yet</span>;
  return (
    <span className="clip" title={message.error ?? undefined}>
      <code className="outcome-bad">{message.outcome}</code> <span className="soft">{message.error}</span>
    </span>
  );
}

/** When it is tried again; what was given up is not, and what waits is due. */
function NextTry({ message }: { message: Message }) {
  if (message.state === "dead") return <span className="faint">never</span>;
  return message.retry_at === null ? <span className="soft">due</span> : <Moment at={message.retry_at} />;
}
