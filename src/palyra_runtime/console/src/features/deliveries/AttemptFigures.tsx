import { Link } from "@tanstack/react-router";

import type { Attempt } from "#/client/nouns";
import { FigureRow } from "#/elements/FigureRow";
import { Moment } from "#/elements/Moment";
import { bytes, duration, whole } from "#/elements/numbers";

/** What an attempt took, and what it was made with. */
export function AttemptFigures({ attempt }: { attempt: Attempt }) {
  return (
    <div className="attempt-about">
      {attempt.message !== "" && <p className="attempt-message">{attempt.message}</p>}
      <FigureRow
        figures={[
          ["Took", attempt.duration_us === null ? "–" : duration(attempt.duration_us)],
          ["Fuel", attempt.fuel_units === null ? "–" : whole(attempt.fuel_units)],
          ["Memory", attempt.memory_bytes_peak === null ? "–" : bytes(attempt.memory_bytes_peak)],
          ["Exit code", attempt.exit_code === null ? "–" : String(attempt.exit_code)],
        ]}
      />
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
