import { useState } from "react";

import type { BodyOf } from "#/client/ask";
import { isOpen, useBegin, useNewestJob } from "#/client/jobs";
import { useAnswer } from "#/client/queries";
import { useMay } from "#/client/session";
import { Answer } from "#/elements/Answer";
import { Button } from "#/elements/Button";
import { Dialog } from "#/elements/Dialog";
import { Failure } from "#/elements/Failure";
import { JobProgress } from "#/elements/JobProgress";
import { counted } from "#/elements/numbers";
import { useAt } from "#/shell/past";

import type { Action } from "./course";
import { type DeliverySearch, matchingOf } from "./filter";

const ACTIONS: ReadonlyArray<readonly [Action, string]> = [
  ["redeliver", "Redeliver"],
  ["retry", "Try again now"],
  ["cancel", "Cancel"],
  ["discard", "Discard"],
];

/** Does one thing to all deliveries that match the filters: first a plan, then a job that can be stopped. */
export function BulkButton({ search }: { search: DeliverySearch }) {
  const [isShown, setShown] = useState(false);
  const may = useMay("operator");
  const isPast = useAt() !== undefined;
  return (
    <>
      <Button disabled={!may || isPast} onClick={() => setShown(true)}>
        Change many
      </Button>
      {isShown && <BulkDialog search={search} onClose={() => setShown(false)} />}
    </>
  );
}

function BulkDialog({ search, onClose }: { search: DeliverySearch; onClose: () => void }) {
  const [action, setAction] = useState<Action>("redeliver");
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  const begin = useBegin();
  const job = useNewestJob("deliveries.carry_out");
  // A discard needs its reason already when it is planned; what is planned is the same with any.
  const said = reason.trim() === "" ? null : reason.trim();
  const body: BodyOf<"deliveries.plan"> = { action, ids: [], matching: matchingOf(search), reason: said ?? (action === "discard" ? "to be said" : null) };
  const plan = useAnswer("deliveries.plan", { body });
  const mustSay = action === "discard" && said === null;
  const start = (asOf: number) => {
    setError(null);
    begin("deliveries.carry_out", { body: { ...body, reason: said, as_of: asOf } }).catch(setError);
  };
  return (
    <Dialog title="Change many deliveries" onClose={onClose}>
      <div className="stack">
        <p className="soft">All deliveries that match the filters of the page, and that the action fits.</p>
        <div className="pills" role="group" aria-label="What to do">
          {ACTIONS.map(([key, words]) => (
            <button key={key} type="button" className="pill" aria-pressed={key === action} onClick={() => setAction(key)}>
              {words}
            </button>
          ))}
        </div>
        <label className="field">
          <span>Reason</span>
          <input value={reason} placeholder="Kept beside the log" onChange={(event) => setReason(event.target.value)} />
        </label>
        <Answer query={plan} lines={3}>
          {(told) => (
            <>
              <div className="notice">
                <p className="notice-title figures">{counted(told.total, "delivery", "deliveries")}</p>
                <p className="soft">
                  {Object.entries(told.by_hook).map(([hook, count]) => `${hook}: ${count}`).join(" · ") || "Nothing would be changed."}
                </p>
                {told.first.length > 0 && <p className="mono faint">{told.first.join(", ")}{told.total > told.first.length && " …"}</p>}
              </div>
              {error !== null && <Failure error={error} />}
              {job !== undefined && <JobProgress job={job} title="The newest such job" unit="deliveries" />}
              <footer className="dialog-foot">
                <Button onClick={onClose}>Close</Button>
                <Button
                  kind={action === "cancel" || action === "discard" ? "danger" : "primary"}
                  disabled={told.total === 0 || mustSay || (job !== undefined && isOpen(job))}
                  onClick={() => start(told.as_of)}
                >
                  {ACTIONS.find(([key]) => key === action)?.[1]} {counted(told.total, "delivery", "deliveries")}
                </Button>
              </footer>
            </>
          )}
        </Answer>
      </div>
    </Dialog>
  );
}
