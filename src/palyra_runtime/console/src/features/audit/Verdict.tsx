import { Link, type LinkProps } from "@tanstack/react-router";

import { Badge } from "#/elements/Badge";
import { Digest } from "#/elements/Copy";
import { Facts } from "#/elements/Facts";
import { Moment } from "#/elements/Moment";
import { counted, whole } from "#/elements/numbers";

import type { Finding, Verification } from "./verification";

/** What a verification came to, with the places of what it found. */
export function Verdict({ verification, at }: { verification: Verification; at: string | null | undefined }) {
  const { is_sound: isSound, findings } = verification;
  return (
    <div className="verdict">
      <div className={isSound ? "notice good" : "notice bad"} role={isSound ? "status" : "alert"}>
        <p className="verdict-line">
          <Badge tone={isSound ? "good" : "bad"}>{isSound ? "sound" : "not sound"}</Badge>
          {isSound ? "Nobody has edited this history." : `First bad position: ${verification.first_bad_position ?? "none; see the findings"}`}
        </p>
      </div>
      <PositionStrip verification={verification} />
      {findings.length > 0 && (
        <ul className="matters bordered">
          {findings.map((finding, index) => (
            <li key={index}>
              <FindingLine finding={finding} />
            </li>
          ))}
        </ul>
      )}
      <Facts
        columns={2}
        facts={[
          ["Events read", whole(verification.events)],
          ["Checkpoints", `${counted(verification.checkpoints, "checkpoint")} held`],
          ["Signed up to", verification.signed === 0 ? "nothing is signed yet" : whole(verification.signed)],
          verification.signed_at === null ? null : ["Signed", <Moment key="signed" at={verification.signed_at} as="both" />],
          ["Erased", verification.erased === 0 ? "nothing" : counted(verification.erased, "document")],
          ["Views compared", verification.views.length === 0 ? "none" : counted(verification.views.length, "view")],
          verification.root === null ? null : ["Root", <Digest key="root" value={verification.root} label="root of the tree" />],
          ["Verified", <Moment key="at" at={at} as="both" />],
        ]}
      />
    </div>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  const place =
    finding.position === null
      ? "somewhere"
      : finding.last_position === null || finding.last_position === finding.position
        ? `at ${finding.position}`
        : `${finding.position} to ${finding.last_position}`;
  const open: LinkProps =
    finding.position === null
      ? { to: "/timeline" }
      : { to: "/timeline/$position", params: { position: String(finding.position) } };
  return (
    <Link {...open} className="finding">
      <Badge tone="bad">{finding.damage.replaceAll("_", " ")}</Badge>
      <span>
        <strong className="figures">{place}</strong> {finding.message}
      </span>
    </Link>
  );
}

/** The whole log as one strip: what is signed, what is not yet, and where it is bad. */
function PositionStrip({ verification }: { verification: Verification }) {
  const head = Math.max(1, verification.head);
  const width = (count: number) => (count / head) * 100;
  const bad = verification.findings.filter((each) => each.position !== null);
  return (
    <figure className="strip">
      <svg
        className="position-strip"
        viewBox="0 0 100 14"
        preserveAspectRatio="none"
        role="img"
        aria-label={`Of ${head} positions ${verification.signed} are signed; ${bad.length === 0 ? "none is bad" : `bad are ${bad.map((each) => each.position).join(", ")}`}`}
      >
        <rect className="meter-ground" width="100" height="14" />
        <rect className="share-info" width={width(verification.signed)} height="14" />
        {bad.map((each, index) => (
          <rect
            key={index}
            className="share-bad"
            x={width((each.position ?? 1) - 1)}
            width={Math.max(0.8, width((each.last_position ?? each.position ?? 1) - (each.position ?? 1) + 1))}
            height="14"
          />
        ))}
      </svg>
      <figcaption className="legend" aria-hidden="true">
        <span className="legend-signed">{whole(verification.signed)} signed</span>
        <span className="legend-unsigned">{whole(Math.max(0, verification.head - verification.signed))} not signed yet</span>
        <span className="legend-bad">{whole(bad.length)} bad</span>
      </figcaption>
    </figure>
  );
}
