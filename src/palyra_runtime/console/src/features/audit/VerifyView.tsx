import { useState } from "react";

import { useBegin, useNewestJob } from "#/client/jobs";
import { useMay } from "#/client/session";
import { Button } from "#/elements/Button";
import { EmptyState } from "#/elements/EmptyState";
import { Failure } from "#/elements/Failure";
import { JobProgress } from "#/elements/JobProgress";

import { Verdict } from "./Verdict";
import { verificationOf } from "./verification";

/** Reads the log again and says whether anybody has changed it. */
export function VerifyView() {
  const job = useNewestJob("ledger.verify");
  const begin = useBegin();
  const may = useMay("operator");
  const [withViews, setWithViews] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const verification = job?.state === "done" ? verificationOf(job.result) : null;
  const start = () => {
    setError(null);
    begin("ledger.verify", { body: { keys: [], views: withViews } }).catch(setError);
  };
  return (
    <div className="stack">
      <div className="row">
        <Button kind="primary" disabled={!may} onClick={start}>
          Verify now
        </Button>
        <label className="row">
          <input type="checkbox" checked={withViews} onChange={(event) => setWithViews(event.target.checked)} />
          Derive the views anew too, and compare them
        </label>
      </div>
      {error !== null && <Failure error={error} />}
      {job !== undefined && verification === null && <JobProgress job={job} title="Verification" unit="events" />}
      {verification !== null && job !== undefined && <Verdict verification={verification} at={job.ended_at} />}
      {job === undefined && (
        <EmptyState title="Nobody has verified since this gateway started" command="palyra audit verify --views">
          Every event, every stream, all bytes beside the log and all checkpoints are read and compared.
        </EmptyState>
      )}
    </div>
  );
}
