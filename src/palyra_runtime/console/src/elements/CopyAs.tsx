import { useEffect, useRef } from "react";

import { useCopy } from "./Copy";

interface Props {
  /** The same question on the command line. */
  command: string;
  /** The address that was asked, from the root of the gateway. */
  address?: string;
}

/** Copies what is shown as a question for the command line, or for curl. */
export function CopyAs({ command, address }: Props) {
  const frame = useRef<HTMLDetailsElement>(null);
  const [copied, copy] = useCopy();
  useEffect(() => {
    const away = (event: PointerEvent) => {
      if (frame.current?.open && !frame.current.contains(event.target as Node)) frame.current.open = false;
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, []);
  const take = (text: string) => {
    copy(text);
    if (frame.current) frame.current.open = false;
  };
  const curl = `curl -H "Authorization: Bearer $PALYRA_TOKEN" '${window.location.origin}${address ?? ""}'`;
  return (
    <details ref={frame} className="menu">
      <summary className="button">{copied ? "Copied" : "Copy as"}</summary>
      <div className="menu-body">
        <button type="button" onClick={() => take(command)}>
          Command
          <code>{command}</code>
        </button>
        {address !== undefined && (
          <button type="button" onClick={() => take(curl)}>
            curl
            <code>{curl}</code>
          </button>
        )}
      </div>
    </details>
  );
}
