import type { ReactNode } from "react";
import { useId, useState } from "react";

import { Button } from "./Button";
import { CommandLine } from "./Copy";
import { Dialog } from "./Dialog";
import { Failure } from "./Failure";

/** The longest reason that the log takes, in characters. */
const REASON_MAX = 1_000;

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
  const id = useId();
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
        <label className="field" htmlFor={id}>
          <span>
            Reason {needsReason ? <em className="required">required</em> : <em className="faint">optional</em>}
          </span>
          <textarea
            id={id}
            data-first=""
            rows={3}
            maxLength={REASON_MAX}
            required={needsReason}
            value={reason}
            placeholder="Kept beside the log, for whoever asks later"
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
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
