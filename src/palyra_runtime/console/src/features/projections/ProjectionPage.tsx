import { getRouteApi, Link } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import type { Projection } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { CopyAs } from "#/elements/CopyAs";
import { Facts } from "#/elements/Facts";
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
      <div className="columns two">
        {builds.map((build) => (
          <Panel key={build.generation} title={`Build ${build.generation}`} note={build.state}>
            <Facts
              facts={[
                ["Reaches", `${whole(build.position)} of ${whole(build.head)}`],
                ["Behind", build.lag === 0 ? "nothing" : `${counted(build.lag, "event")}, ${build.lag_s.toFixed(1)} s`],
                ["Rows", whole(build.rows)],
                ["Version", String(build.version)],
                ...Object.entries(build.tables).map(([table, rows]) => [table, counted(rows, "row")] as const),
              ]}
            />
          </Panel>
        ))}
      </div>
      <DeadLetters name={name} />
    </>
  );
}
