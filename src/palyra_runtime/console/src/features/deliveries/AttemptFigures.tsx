import { Link } from "@tanstack/react-router";

import type { Attempt } from "#/client/nouns";
import { Moment } from "#/elements/Moment";
import { bytes, duration, whole } from "#/elements/numbers";

/** What an attempt took, and what it was made with. */
export function AttemptFigures({ attempt }: { attempt: Attempt }) {
  return (
    <div className="attempt-about">
      {attempt.message !== "" && <p className="attempt-message">{attempt.message}</p>}
      <dl className="figure-row">
        <Figure term="Took" value={attempt.duration_us === null ? null : duration(attempt.duration_us)} />
        <Figure term="Fuel" value={attempt.fuel_units === null ? null : whole(attempt.fuel_units)} />
        <Figure term="Memory" value={attempt.memory_bytes_peak === null ? null : bytes(attempt.memory_bytes_peak)} />
        <Figure term="Exit code" value={attempt.exit_code === null ? null : String(attempt.exit_code)} />
      </dl>
      <p className="soft attempt-foot">
        <Moment at={attempt.recorded_at} as="both" /> ·{" "}
        {attempt.skill_id !== null && (
          <>
            <Link to="/skills/$skillId" params={{ skillId: attempt.skill_id }}>
              {attempt.skill_id} {attempt.skill_version}
            </Link>{" "}
            ·{" "}
          </>
        )}
        <Link to="/timeline/$position" params={{ position: String(attempt.position) }}>
          event {attempt.position}
        </Link>
        {attempt.as_of !== null && <> · its right to run was read at {attempt.as_of}</>}
      </p>
    </div>
  );
}

function Figure({ term, value }: { term: string; value: string | null }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd className="figures">{value ?? "–"}</dd>
    </div>
  );
}
