import { useEffect, useState } from "react";

import { ask } from "#/client/ask";
import { isOpen } from "#/client/jobs";
import type { Job } from "#/client/nouns";
import { Problem } from "#/client/problem";

import { Badge } from "./Badge";
import { Button } from "./Button";
import { Failure } from "./Failure";
import { Meter } from "./Meter";
import { whole } from "./numbers";

interface Props {
  job: Job;
  title: string;
  /** What is counted, such as `events`. */
  unit: string;
}

const TONES = { waiting: "info", running: "info", done: "good", failed: "bad", cancelled: "plain" } as const;

/** How a job gets on, with a way to stop it. */
export function JobProgress({ job, title, unit }: Props) {
  const share = job.total == null || job.total === 0 ? (isOpen(job) ? 0 : 1) : job.done / job.total;
  return (
    <div className="job" aria-live="polite">
      <div className="job-line">
        <strong>{title}</strong>
        <Badge tone={TONES[job.state]}>{job.is_cancelling && isOpen(job) ? "stopping" : job.state}</Badge>
        <span className="faint">by {job.actor}</span>
        {isOpen(job) && (
          <Button disabled={job.is_cancelling} onClick={() => void ask("jobs.cancel", { path: { job_id: job.job_id } })}>
            Cancel
          </Button>
        )}
      </div>
      {job.state !== "failed" && <Meter share={share} label={title} tone={job.state === "done" ? "good" : "accent"} />}
      {job.total != null && (
        <p className="faint figures">
          {whole(job.done)} of {whole(job.total)} {unit}
          <Rate job={job} unit={unit} />
        </p>
      )}
      {job.error != null && job.state === "failed" && (
        <Failure error={new Problem({ message: job.error.message, code: job.error.code, advice: job.error.advice })} />
      )}
    </div>
  );
}

/** How fast it was, or is. */
function Rate({ job, unit }: { job: Job; unit: string }) {
  const [now, setNow] = useState(Date.now);
  const runs = isOpen(job);
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [runs]);
  const end = job.ended_at == null ? now : new Date(job.ended_at).getTime();
  const seconds = (end - new Date(job.begun_at).getTime()) / 1000;
  if (seconds <= 0 || job.done === 0) return null;
  return (
    <>
      {" "}
      · {whole(Math.round(job.done / seconds))} {unit}/s · {seconds.toFixed(1)} s
    </>
  );
}
