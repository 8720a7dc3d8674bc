import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";

import { Problem } from "#/client/problem";

import { Button } from "./Button";
import { CommandLine } from "./Copy";
import { Dialog } from "./Dialog";
import { Failure } from "./Failure";
import { ReasonField } from "./ReasonField";
import { useSending } from "./sending";

/** Returns what is wrong with a field, in the words of the gateway; undefined where it is something else. */
export type ProblemAt = (field: string) => string | undefined;

interface Props {
  title: string;
  verb: string;
  /** Which field the errors of the gateway are about, by code; the others are told above the buttons. */
  fields: Readonly<Record<string, string>>;
  /** Whether all is there that is needed. */
  isReady: boolean;
  needsReason?: boolean;
  /** The same as a command; it is given the reason. */
  command: (reason: string) => string;
  /** Sends it off; a reason that nobody gave is null. */
  onSend: (reason: string | null) => Promise<unknown>;
  onClose: () => void;
  children: (problemAt: ProblemAt, problem: Problem | null) => ReactNode;
}

/** A form in a dialog; what is refused is said where it belongs, and what was typed stays. */
export function FormDialog(props: Props) {
  const { title, verb, fields, isReady, needsReason = false, command, onSend, onClose, children } = props;
  const [reason, setReason] = useState("");
  const { isBusy, error, start } = useSending();
  const problem = error === null ? null : Problem.of(error);
  const place = problem === null ? undefined : fields[problem.code];
  const said = reason.trim();
  const form = useRef<HTMLFormElement>(null);
  // What is wrong may stand far above the button that was pressed.
  useEffect(() => {
    if (problem !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return (
    <Dialog title={title} onClose={onClose} lasting>
      <form
        ref={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && (said !== "" || !needsReason)) start(() => onSend(said === "" ? null : said));
        }}
      >
        {children((field) => (place === field ? problem?.message : undefined), problem)}
        <ReasonField value={reason} onChange={setReason} isRequired={needsReason} rows={2} />
        <CommandLine command={command(said)} />
        {problem !== null && place === undefined && <Failure error={problem} />}
        <footer className="dialog-foot held">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" kind="primary" busy={isBusy} disabled={!isReady || (needsReason && said === "")}>
            {verb}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
