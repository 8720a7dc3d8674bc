import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { OperationName, Told } from "./ask";
import { ask } from "./ask";
import { stream } from "./live";
import type { Job } from "./nouns";
import { useAnswer } from "./queries";

/** Returns whether a job waits or works. */
export function isOpen(job: Job): boolean {
  return job.state === "waiting" || job.state === "running";
}

/** Returns the newest job of a kind that this gateway remembers, kept up to date by the stream. */
export function useNewestJob(kind: string): Job | undefined {
  const client = useQueryClient();
  const { data } = useAnswer("jobs.list", {});
  const [told, setTold] = useState<Job>();
  useEffect(
    () =>
      stream.listen("job", (job) => {
        if (job.kind !== kind) return;
        setTold((before) => (before?.job_id === job.job_id && before.revision > job.revision ? before : job));
        if (!isOpen(job)) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
      }),
    [client, kind],
  );
  const listed = data?.items.find((job) => job.kind === kind);
  if (told === undefined || listed === undefined) return told ?? listed;
  return listed.begun_at > told.begun_at || (listed.job_id === told.job_id && listed.revision > told.revision) ? listed : told;
}

/** The operations that begin a job. */
export type JobOperation = "projections.rebuild" | "projections.verify" | "ledger.verify" | "deliveries.carry_out" | "replay.run" | "skills.reaudit";

/** Begins a job, and has the list of jobs shown anew. */
export function useBegin(): <N extends JobOperation & OperationName>(name: N, told: Told<N>) => Promise<void> {
  const client = useQueryClient();
  return async (name, told) => {
    await ask(name, told);
    await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "jobs.list" });
  };
}
