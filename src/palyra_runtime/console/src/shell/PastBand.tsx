import { useEffect, useState } from "react";

import { useLive } from "#/client/live";
import { useAnswer } from "#/client/queries";
import { Button } from "#/elements/Button";
import { Moment } from "#/elements/Moment";
import { whole } from "#/elements/numbers";

import { useTravel } from "./past";

/** How long the slider rests before the page follows, in ms. */
const REST_MS = 180;

/** Says across the page that the past is shown, and moves through it. */
export function PastBand({ at }: { at: string }) {
  const travel = useTravel();
  const { head } = useLive();
  const position = /^\d+$/.test(at) ? Number(at) : undefined;
  const [shown, setShown] = useState(position ?? 0);
  useEffect(() => setShown(position ?? 0), [position]);
  useEffect(() => {
    if (position === undefined || shown === position) return;
    const timer = setTimeout(() => travel(String(shown)), REST_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div className="past" role="region" aria-label="Time travel">
      <span>{position === undefined ? `As it was at ${at}` : <PastPosition position={shown} />}</span>
      {position !== undefined && head > 1 && (
        <>
          <input
            type="range"
            min={1}
            max={head}
            value={shown}
            aria-label="Position in the log"
            aria-valuetext={`Position ${shown} of ${head}`}
            onChange={(event) => setShown(Number(event.target.value))}
          />
          <span className="past-steps">
            <Button aria-label="One event back" disabled={shown <= 1} onClick={() => setShown(shown - 1)}>
              ‹
            </Button>
            <Button aria-label="One event on" disabled={shown >= head} onClick={() => setShown(shown + 1)}>
              ›
            </Button>
          </span>
        </>
      )}
      <Button onClick={() => travel(undefined)}>Back to now</Button>
    </div>
  );
}

function PastPosition({ position }: { position: number }) {
  const { data } = useAnswer("audit.log", { query: { after: Math.max(0, position - 1), limit: 1 } });
  const entry = data?.items[0];
  return (
    <>
      As it was at position <span className="figures">{whole(position)}</span>
      {entry?.position === position && (
        <>
          {" "}
          · <Moment at={entry.timestamp} as="absolute" /> · {entry.subject_id} {entry.summary}
        </>
      )}
    </>
  );
}
