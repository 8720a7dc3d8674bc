import type { ReactNode } from "react";
import { useState } from "react";

import type { OperationName } from "#/client/ask";

import { Button } from "./Button";
import { useObstacle } from "./obstacle";

interface Props {
  /** What is done in the end, which not everybody may do, and nobody in the past. */
  operation: OperationName;
  verb: string;
  kind?: "plain" | "primary" | "danger" | "quiet";
  /** The dialog; it is told how to close itself. */
  children: (close: () => void) => ReactNode;
}

/** A button that opens a dialog in which something can be done. */
export function OpenButton({ operation, verb, kind = "plain", children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const obstacle = useObstacle(operation);
  return (
    <>
      <Button kind={kind} disabled={obstacle !== undefined} title={obstacle} onClick={() => setOpen(true)}>
        {verb}
      </Button>
      {isOpen && children(() => setOpen(false))}
    </>
  );
}
