import { useState } from "react";

import { useBegin, useNewestJob } from "#/client/jobs";
import { useAnswer } from "#/client/queries";
import { useMay } from "#/client/session";
import { Button } from "#/elements/Button";
import { EmptyState } from "#/elements/EmptyState";
import { Failure } from "#/elements/Failure";
import { Choice } from "#/elements/Filters";
import { JobProgress } from "#/elements/JobProgress";

import { replayOf } from "./replay";
import { ReplayVerdict } from "./ReplayVerdict";

const SINCE = [
  ["1h", "the last hour"],
  ["24h", "the last day"],
  ["7d", "the last week"],
] as const;

/** Runs what ran once more, with no effect on the world, and compares it byte by byte. */
export function ReplayView() {
  const job = useNewestJob("replay.run");
  const begin = useBegin();
  const may = useMay("operator");
  const plugins = useAnswer("plugins.list", {});
  const [plugin, setPlugin] = useState<string>();
  const [since, setSince] = useState<string>();
  const [error, setError] = useState<unknown>(null);
  const replay = job?.state === "done" ? replayOf(job.result) : null;
  const start = () => {
    setError(null);
    begin("replay.run", { body: { plugin: plugin ?? null, first: since ?? null } }).catch(setError);
  };
  return (
    <div className="stack">
      <div className="row">
        <Button kind="primary" disabled={!may} onClick={start}>
          Replay now
        </Button>
        <Choice label="Plugin" value={plugin} options={plugins.data?.items.map((each) => each.plugin_id) ?? []} all="all" onChange={setPlugin} />
        <Choice label="Since" value={since} options={SINCE} all="the beginning" onChange={setSince} />
      </div>
      {error !== null && <Failure error={error} />}
      {job !== undefined && replay === null && <JobProgress job={job} title="Replay" unit="runs" />}
      {replay !== null && job !== undefined && <ReplayVerdict replay={replay} at={job.ended_at} />}
      {job === undefined && (
        <EmptyState title="Nothing was replayed since this gateway started" command="palyra replay run">
          Each attempt runs again from its module, input, grants, limits and answers to its host calls. It must come to the
          same bytes and the same fuel.
        </EmptyState>
      )}
    </div>
  );
}
