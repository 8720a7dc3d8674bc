import type { Delivery } from "#/client/nouns";
import { StateBadge } from "#/elements/Badge";
import { type Column, Ledger } from "#/elements/Ledger";
import { Moment } from "#/elements/Moment";

import { Count } from "./Count";
import { skipWords } from "./skip-words";

const COLUMNS: ReadonlyArray<Column<Delivery>> = [
  {
    id: "delivery",
    head: "Delivery",
    track: "minmax(7.5rem, 1.3fr)",
    phone: "lead",
    cell: (row) => (
      <span className="two-line">
        <span className="clip mono">{row.delivery_id}</span>
        <small>{row.event_kind}</small>
      </span>
    ),
  },
  { id: "state", head: "State", track: "7.25rem", phone: "side", cell: (row) => <StateBadge state={row.state} /> },
  {
    id: "plugin",
    head: "Plugin",
    track: "minmax(5rem, 1fr)",
    phone: "hidden",
    cell: (row) => <span className="clip">{row.plugin_id}</span>,
  },
  { id: "attempts", head: "Attempts", track: "5rem", phone: "line", cell: (row) => <Attempts delivery={row} /> },
  {
    id: "detail",
    head: "What came of it",
    track: "minmax(6rem, 2.4fr)",
    phone: "last",
    cell: (row) => <Result delivery={row} />,
  },
  { id: "changed", head: "Changed", track: "5.5rem", align: "end", phone: "end", cell: (row) => <Moment at={row.changed_at} /> },
];

const NARROW = COLUMNS.filter((column) => column.id !== "plugin");

interface Props {
  rows: readonly Delivery[];
  onEnd?: (() => void) | undefined;
  isLoadingMore?: boolean;
  /** Without the plugin, where all have the same one. */
  narrow?: boolean;
}

/** Deliveries as a listing. */
export function DeliveryLedger({ rows, onEnd, isLoadingMore = false, narrow = false }: Props) {
  return (
    <Ledger
      label="Deliveries"
      rows={rows}
      columns={narrow ? NARROW : COLUMNS}
      rowKey={(row) => row.delivery_id}
      open={(row) => ({ to: "/deliveries/$deliveryId", params: { deliveryId: row.delivery_id } })}
      onEnd={onEnd}
      isLoadingMore={isLoadingMore}
      rowHeight={52}
    />
  );
}

/** The attempts of this round; how many there may be, only where more may still come. */
function Attempts({ delivery }: { delivery: Delivery }) {
  const made = delivery.attempts - delivery.attempts_before;
  const isOpen = delivery.state === "scheduled" || delivery.state === "retrying";
  return (
    <span title={`${made} of up to ${delivery.attempts_max} attempts of round ${delivery.round}`}>
      <Count count={made} noun="attempt" most={isOpen ? delivery.attempts_max : undefined} />
    </span>
  );
}

function Result({ delivery }: { delivery: Delivery }) {
  if (delivery.state === "skipped") return <span className="clip soft">{skipWords(delivery.cause)}</span>;
  if (delivery.outcome === null) return <span className="clip faint wide-only">not tried yet</span>;
  if (delivery.outcome === "ok") return <span className="clip faint wide-only">ok</span>;
  return (
    <span className="clip" title={delivery.message ?? undefined}>
      <code className="outcome-bad">{delivery.outcome}</code> <span className="soft">{delivery.message}</span>
    </span>
  );
}
