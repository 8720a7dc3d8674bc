import { useNewestJob } from "#/client/jobs";
import { JobProgress } from "#/elements/JobProgress";

/** How the newest rebuild gets on. */
export function RebuildProgress() {
  const job = useNewestJob("projections.rebuild");
  return job === undefined ? null : <JobProgress job={job} title="Rebuild" unit="events" />;
}
