import { useId, useState } from "react";

import { useLive } from "#/client/live";
import { Button } from "#/elements/Button";
import { CommandLine } from "#/elements/Copy";
import { Dialog } from "#/elements/Dialog";

import { useAt, useTravel } from "./past";

/** Asks for the position or moment to look at. */
export function TravelDialog({ onClose }: { onClose: () => void }) {
  const travel = useTravel();
  const { head } = useLive();
  const [at, setAt] = useState(useAt() ?? String(head));
  const id = useId();
  const go = (to: string | undefined) => {
    travel(to);
    onClose();
  };
  return (
    <Dialog title="Travel in time" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          go(at.trim() === "" ? undefined : at.trim());
        }}
      >
        <p className="soft">
          Skills, plugins, hooks and deliveries are shown as they were then. Nothing can be changed in the past.
        </p>
        <label className="field" htmlFor={id}>
          <span>Position, time in UTC, or age</span>
          <input id={id} className="mono" value={at} data-first="" onChange={(event) => setAt(event.target.value)} />
        </label>
        <p className="row">
          {["15m", "1h", "24h", "7d"].map((age) => (
            <Button key={age} onClick={() => go(age)}>
              {age} ago
            </Button>
          ))}
        </p>
        <CommandLine command={`palyra delivery list --at ${at.trim() || "TIME"}`} />
        <footer className="dialog-foot">
          <Button onClick={() => go(undefined)}>Now</Button>
          <Button type="submit" kind="primary">
            Go there
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
