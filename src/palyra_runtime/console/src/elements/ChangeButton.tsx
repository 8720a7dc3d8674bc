import type { ReactNode } from "react";
import { useState } from "react";

import type { OperationName, Told } from "#/client/ask";
import { useChange } from "#/client/change";
import { useKeys } from "#/shell/keys";

import { Button } from "./Button";
import { useObstacle } from "./obstacle";
import { ReasonDialog } from "./ReasonDialog";

/** Something that can be done, as a table of it. */
export interface Change<N extends OperationName = OperationName> {
  operation: N;
  /** What the button says. */
  verb: string;
  /** What the dialog is called. */
  title: string;
  /** What will happen, in a sentence or two. */
  about: ReactNode;
  /** What is told when it is done. */
  done: string;
  /** What the operation is told; a reason that nobody gave is null. */
  told: (reason: string | null) => Told<N>;
  /** The same as a command. */
  command?: (reason: string) => string;
  needsReason?: boolean;
  danger?: boolean;
}

interface Props<N extends OperationName> {
  change: Change<N>;
  kind?: "plain" | "primary" | "danger" | "quiet";
  /** The key that does the same. */
  shortcut?: string;
}

/** A button that asks why, and then changes something; not in the past, and not for who may not. */
export function ChangeButton<N extends OperationName>({ change, kind = "plain", shortcut }: Props<N>) {
  const [isOpen, setOpen] = useState(false);
  const send = useChange();
  const obstacle = useObstacle(change.operation);
  useKeys(shortcut === undefined ? {} : { [shortcut]: () => obstacle === undefined && setOpen(true) });
  return (
    <>
      <Button kind={kind} disabled={obstacle !== undefined} title={obstacle} onClick={() => setOpen(true)}>
        {change.verb}
      </Button>
      {isOpen && (
        <ReasonDialog
          title={change.title}
          verb={change.verb}
          danger={change.danger ?? false}
          needsReason={change.needsReason ?? false}
          {...(change.command === undefined ? {} : { command: change.command })}
          onConfirm={(reason) => send(change.operation, change.told(reason === "" ? null : reason), change.done)}
          onClose={() => setOpen(false)}
        >
          {change.about}
        </ReasonDialog>
      )}
    </>
  );
}
