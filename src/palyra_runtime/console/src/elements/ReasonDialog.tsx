import type { ReactNode } from "react";
import { useState } from "react";

import { Button } from "./Button";
import { CommandLine } from "./Copy";
import { Dialog } from "./Dialog";
import { Failure } from "./Failure";
import { ReasonField } from "./ReasonField";

interface Props {
  title: string;
  /** What will happen, in a sentence. */
  children: ReactNode;
  verb: string;
  /** Whether the engine refuses it without a reason. */
  needsReason?: boolean;
  danger?: boolean;
  /** The same as a command; it is given the reason. */
  command?: (reason: string) => string;
  onConfirm: (reason: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks why before something is changed; the reason is kept with the event. */
export function ReasonDialog(props: Props) {
  const { title, children, verb, needsReason = false, danger = false, command, onConfirm, onClose } = props;
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = () => {
    setBusy(true);
    setError(null);
    onConfirm(reason.trim()).then(onClose, (caught: unknown) => {
      setError(caught);
      setBusy(false);
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <div className="soft">{children}</div>
        <ReasonField value={reason} onChange={setReason} isRequired={needsReason} isFirst />
        {command !== undefined && <CommandLine command={command(reason.trim())} />}
        {error !== null && <Failure error={error} />}
        <footer className="dialog-foot">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            type="submit"
            kind={danger ? "danger" : "primary"}
            busy={busy}
            disabled={needsReason && reason.trim() === ""}
          >
            {verb}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
