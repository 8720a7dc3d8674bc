import { getRouteApi, Link } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import type { Projection } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { StateBadge } from "#/elements/Badge";
import { CopyAs } from "#/elements/CopyAs";
import { Figures } from "#/elements/Figures";
import { counted, whole } from "#/elements/numbers";
import { Panel } from "#/elements/Panel";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";

import { DeadLetters } from "./DeadLetters";
import { ProjectionState } from "./ProjectionsPage";
import { RebuildButton } from "./RebuildButton";
import { RebuildProgress } from "./RebuildProgress";

const route = getRouteApi("/shell/projections/$name");

/** One view: its builds, the live one first, and what it could not take in. */
export function ProjectionPage() {
  const { name } = route.useParams();
  const query = useAnswer("projections.show", { path: { name } });
  return (
    <Answer query={query} head={<PageHead title={name} trail={<Link to="/projections">Projections</Link>} />}>
      {({ items }) => <Detail name={name} builds={[...items].sort(liveFirst)} />}
    </Answer>
  );
}

function liveFirst(one: Projection, other: Projection): number {
  return Number(other.state === "live") - Number(one.state === "live") || other.generation - one.generation;
}

function Detail({ name, builds }: { name: string; builds: readonly Projection[] }) {
  const live = builds[0];
  return (
    <>
      <PageHead
        title={name}
        beside={live && <ProjectionState projection={live} />}
        trail={<Link to="/projections">Projections</Link>}
        about={
          live?.is_decision === true
            ? "It decides what may happen: an event that it cannot take in stops it, and nothing is ever skipped."
            : "It reports: an event that it cannot take in is put aside, and it goes on."
        }
        actions={
          <>
            <CopyAs command={commandOf(`projection show ${name}`)} address={addressOf("projections.show", { name })} />
            <RebuildButton name={name} />
          </>
        }
      />
      <RebuildProgress />
      {live !== undefined && <Standing live={live} />}
      <Panel title="Builds" note={builds.length} flush>
        <Builds builds={builds} />
      </Panel>
      <DeadLetters name={name} />
    </>
  );
}

function Standing({ live }: { live: Projection }) {
  return (
    <Figures
      figures={[
        { term: "Reaches", value: whole(live.position), note: `of ${counted(live.head, "event")}` },
        {
          term: "Behind",
          value: whole(live.lag),
          note: live.lag === 0 ? "all folded" : `${live.lag_s.toFixed(1)} s`,
          ...(live.lag > 0 && { tone: "warn" as const }),
        },
        { term: "Rows", value: whole(live.rows), note: `in ${counted(Object.keys(live.tables).length, "table")}` },
        {
          term: "Dead letters",
          value: whole(live.dead_letters),
          note: live.dead_letters === 0 ? "took in everything" : "went on without",
          ...(live.dead_letters > 0 && { tone: "bad" as const }),
        },
      ]}
    />
  );
}

/** The builds of a view: the one that is read, one that is being made, and the one before, for a rollback. */
function Builds({ builds }: { builds: readonly Projection[] }) {
  return (
    <div className="table-scroll">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Build</th>
            <th scope="col">State</th>
            <th scope="col" className="end">Reaches</th>
            <th scope="col" className="end">Rows</th>
            <th scope="col" className="end wide-only">Version of the view</th>
            <th scope="col" className="wide-only">Tables</th>
          </tr>
        </thead>
        <tbody>
          {builds.map((build) => (
            <tr key={build.generation}>
              <th scope="row">{build.generation}</th>
              <td>
                <StateBadge state={build.state} />
              </td>
              <td className="end">{whole(build.position)}</td>
              <td className="end">{whole(build.rows)}</td>
              <td className="end wide-only">{build.version}</td>
              <td className="wide-only">
                {Object.entries(build.tables).map(([table, rows]) => (
                  <code key={table} className="chip" title={counted(rows, "row")}>
                    {table}
                  </code>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
