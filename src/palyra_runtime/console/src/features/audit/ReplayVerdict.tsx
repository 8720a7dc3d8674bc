import { Link } from "@tanstack/react-router";

import { Badge } from "#/elements/Badge";
import { Facts } from "#/elements/Facts";
import { Moment } from "#/elements/Moment";
import { counted, duration, whole } from "#/elements/numbers";

import type { Counts, Replay, ReplayFinding } from "./replay";

const NOUNS: Readonly<Record<string, string>> = { attempt: "attempt", tool_run: "tool run", answer: "answer" };

/** What a replay came to, with each run that was another one this time. */
export function ReplayVerdict({ replay, at }: { replay: Replay; at: string | null | undefined }) {
  const runs = Object.values(replay.replayed).reduce((sum, count) => sum + count, 0);
  const isFaithful = replay.findings_count === 0;
  return (
    <div className="verdict">
      <div className={isFaithful ? "notice good" : "notice bad"} role={isFaithful ? "status" : "alert"}>
        <p className="verdict-line">
          <Badge tone={isFaithful ? "good" : "bad"}>{isFaithful ? "faithful" : "different"}</Badge>
          {isFaithful
            ? `${counted(runs, "run")} came to the same bytes and the same fuel.`
            : `${counted(replay.findings_count, "event")} cannot be explained by what is recorded.`}
        </p>
      </div>
      {replay.findings.length > 0 && (
        <ul className="matters bordered">
          {replay.findings.map((finding) => (
            <li key={`${finding.position} ${finding.subject}`}>
              <FoundAt finding={finding} />
            </li>
          ))}
        </ul>
      )}
      <Facts
        columns={2}
        facts={[
          ["Stretch", `positions ${whole(replay.first)} to ${whole(replay.last)}`],
          ["Run again", told(replay.replayed)],
          ["Not compared", told(replay.not_compared)],
          ["Deliveries", `${counted(replay.deliveries, "delivery", "deliveries")} derived anew`],
          ["Follow-ups", `${counted(replay.follow_ups, "event")} derived anew`],
          ["Decisions", `${counted(replay.decisions, "decision")} derived anew`],
          ["Took", duration(replay.duration_us)],
          ["Replayed", <Moment key="at" at={at} as="both" />],
        ]}
      />
    </div>
  );
}

function FoundAt({ finding }: { finding: ReplayFinding }) {
  return (
    <Link to="/timeline/$position" params={{ position: String(finding.position) }} className="finding">
      <Badge tone="bad">{finding.differences[0]?.aspect.replaceAll("_", " ") ?? "differs"}</Badge>
      <span>
        <strong>{finding.subject}</strong> {finding.differences.map((each) => each.message).join(" ")}
      </span>
    </Link>
  );
}

function told(counts: Counts): string {
  const parts = Object.entries(counts).map(([kind, count]) => counted(count, NOUNS[kind] ?? kind.replaceAll("_", " ")));
  return parts.join(", ") || "none";
}
