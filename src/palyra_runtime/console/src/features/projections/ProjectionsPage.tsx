import { addressOf } from "#/client/ask";
import type { Projection } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Badge } from "#/elements/Badge";
import { CopyAs } from "#/elements/CopyAs";
import { Figures } from "#/elements/Figures";
import { type Column, Ledger } from "#/elements/Ledger";
import { Meter } from "#/elements/Meter";
import { counted, whole } from "#/elements/numbers";
import { PageHead } from "#/shell/PageHead";

import { RebuildButton } from "./RebuildButton";
import { RebuildProgress } from "./RebuildProgress";

const COLUMNS: ReadonlyArray<Column<Projection>> = [
  {
    id: "view",
    head: "View",
    track: "minmax(9rem, 1.3fr)",
    phone: "lead",
    cell: (row) => (
      <span className="two-line">
        <span className="clip mono">{row.name}</span>
        <small>{row.is_decision ? "decides what may happen" : "reports"}</small>
      </span>
    ),
  },
  { id: "state", head: "State", track: "8rem", phone: "side", cell: (row) => <ProjectionState projection={row} /> },
  {
    id: "reach",
    head: "How far it has come",
    track: "minmax(9rem, 1.6fr)",
    cell: (row) => (
      <span className="reach">
        <Meter share={row.head === 0 ? 1 : row.position / row.head} label={`${row.name} has folded ${row.position} of ${row.head}`} />
        <span className="figures soft">{whole(row.position)}</span>
      </span>
    ),
  },
  { id: "lag", head: "Behind", track: "6rem", align: "end", phone: "hidden", cell: (row) => <Lag projection={row} /> },
  { id: "rows", head: "Rows", track: "6rem", align: "end", phone: "hidden", cell: (row) => whole(row.rows) },
  { id: "build", head: "Build", track: "4.5rem", align: "end", phone: "hidden", cell: (row) => row.generation },
];

/** How a build of a view stands. */
export function ProjectionState({ projection }: { projection: Projection }) {
  if (projection.is_paused) return <Badge tone="warn">paused</Badge>;
  if (projection.dead_letters > 0) return <Badge tone="bad">{counted(projection.dead_letters, "dead letter")}</Badge>;
  if (projection.is_changed) return <Badge tone="warn">of other code</Badge>;
  return <Badge tone={projection.state === "live" ? "good" : "info"}>{projection.state}</Badge>;
}

function Lag({ projection }: { projection: Projection }) {
  if (projection.lag === 0) return <span className="faint">nothing</span>;
  return (
    <span className="verdict-bad" title={`${projection.lag_s.toFixed(1)} s`}>
      {whole(projection.lag)}
    </span>
  );
}

/** How far each view has come in the log. */
export function ProjectionsPage() {
  const query = useAnswer("projections.status", {});
  return (
    <>
      <PageHead
        title="Projections"
        about="Everything that is listed here is folded from the log, and can be folded anew. While that is done, the old rows are read."
        actions={
          <>
            <CopyAs command="palyra projection status" address={addressOf("projections.status")} />
            <RebuildButton />
          </>
        }
      />
      <RebuildProgress />
      <Answer query={query}>
        {({ items }) => (
          <>
            <Standing rows={items} />
            <div className="panel">
              <Ledger
                label="Views"
                rows={items}
                columns={COLUMNS}
                rowKey={(row) => `${row.name} ${row.generation}`}
                open={(row) => ({ to: "/projections/$name", params: { name: row.name } })}
                rowHeight={52}
              />
            </div>
          </>
        )}
      </Answer>
    </>
  );
}

function Standing({ rows }: { rows: readonly Projection[] }) {
  const head = Math.max(0, ...rows.map((row) => row.head));
  const lag = Math.max(0, ...rows.map((row) => row.lag));
  const dead = rows.reduce((sum, row) => sum + row.dead_letters, 0);
  return (
    <Figures
      figures={[
        { term: "Head of the log", value: whole(head) },
        { term: "Furthest behind", value: whole(lag), ...(lag > 0 && { tone: "warn" as const }) },
        { term: "Rows in all views", value: whole(rows.reduce((sum, row) => sum + row.rows, 0)) },
        { term: "Dead letters", value: whole(dead), ...(dead > 0 && { tone: "bad" as const }) },
      ]}
    />
  );
}
