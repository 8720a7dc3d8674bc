import { useState } from "react";

import { useBegin } from "#/client/jobs";
import { useAnswer } from "#/client/queries";
import { useMay } from "#/client/session";
import { Button } from "#/elements/Button";
import { CommandLine } from "#/elements/Copy";
import { Dialog } from "#/elements/Dialog";
import { Failure } from "#/elements/Failure";
import { counted } from "#/elements/numbers";

/** Builds a view anew from the log, or all of them; first it says how much that is. */
export function RebuildButton({ name }: { name?: string }) {
  const [isOpen, setOpen] = useState(false);
  const may = useMay("operator");
  return (
    <>
      <Button kind="primary" disabled={!may} title={may ? undefined : "This takes the role operator"} onClick={() => setOpen(true)}>
        Rebuild
      </Button>
      {isOpen && <RebuildDialog name={name} onClose={() => setOpen(false)} />}
    </>
  );
}

function RebuildDialog({ name, onClose }: { name: string | undefined; onClose: () => void }) {
  const begin = useBegin();
  const { data } = useAnswer("projections.status", {});
  const [error, setError] = useState<unknown>(null);
  const views = name === undefined ? (data?.items.length ?? 0) : 1;
  const events = Math.max(0, ...(data?.items.map((each) => each.head) ?? []));
  const names = name === undefined ? null : [name];
  const start = () => begin("projections.rebuild", { body: { names, changed: false, start: "0", jobs: 1 } }).then(onClose, setError);
  return (
    <Dialog title={name === undefined ? "Rebuild all views" : `Rebuild ${name}`} onClose={onClose}>
      <div className="stack">
        <p className="soft">
          {counted(events, "event")} are folded anew into {counted(views, "view")}. The old rows are read until the new ones
          are complete, and stay for a rollback.
        </p>
        <CommandLine command={`palyra projection rebuild${name === undefined ? "" : ` ${name}`}`} />
        {error !== null && <Failure error={error} />}
        <footer className="dialog-foot">
          <Button onClick={onClose}>Keep them</Button>
          <Button kind="primary" onClick={() => void start()}>
            Rebuild
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}
