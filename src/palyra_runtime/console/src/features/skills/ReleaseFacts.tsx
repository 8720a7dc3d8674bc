import { Link } from "@tanstack/react-router";

import type { Release } from "#/client/nouns";
import { Badge } from "#/elements/Badge";
import { Digest } from "#/elements/Copy";
import { Facts } from "#/elements/Facts";
import { Moment } from "#/elements/Moment";
import { bytes } from "#/elements/numbers";

/** What is known of a release: verdicts, digests, modules. */
export function ReleaseFacts({ release }: { release: Release }) {
  return (
    <div className="stack">
      {release.quarantine_reasons.length > 0 && <Reasons release={release} />}
      {release.audit_passed === false && release.quarantine_reasons.length === 0 && (
        <Findings title="What failed in its audit" lines={release.audit_failures} />
      )}
      <Facts
        facts={[
          ["Publisher", release.publisher],
          ["Key", <code key="key">{release.key_id}</code>],
          ["Trust", release.trust_decision.replaceAll("_", " ")],
          ["Audit", <Verdict key="audit" release={release} />],
          ["Installed", <When key="installed" at={release.installed_at} position={release.installed_position} />],
          ["Changed", <When key="changed" at={release.changed_at} position={release.changed_position} />],
          ["Artifact", <Digest key="artifact" value={release.artifact_sha256} label="SHA-256 of the artifact" />],
          ["Payload", <Digest key="payload" value={release.payload_sha256} label="SHA-256 of the payload" />],
        ]}
      />
      <h2 className="inner-title">Modules</h2>
      <div className="table-scroll">
        <table className="plain-table inset">
          <thead>
            <tr>
              <th scope="col">Path</th>
              <th scope="col" className="end">
                Size
              </th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {release.modules.map((module) => (
              <tr key={module.path}>
                <th scope="row" className="mono">
                  {module.path}
                </th>
                <td className="end">{bytes(module.size)}</td>
                <td>
                  <Digest value={module.sha256} label={`SHA-256 of ${module.path}`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function When({ at, position }: { at: string; position: number }) {
  return (
    <>
      <Moment at={at} as="both" /> ·{" "}
      <Link to="/timeline/$position" params={{ position: String(position) }}>
        event {position}
      </Link>
    </>
  );
}

function Verdict({ release }: { release: Release }) {
  if (release.audit_passed === null) return <Badge tone="plain">not audited</Badge>;
  return (
    <span className="row">
      <Badge tone={release.audit_passed ? "good" : "bad"}>{release.audit_passed ? "passed" : "failed"}</Badge>
      {release.is_override && <Badge tone="warn">enabled by override</Badge>}
    </span>
  );
}

function Reasons({ release }: { release: Release }) {
  return (
    <div className="notice held" role="note">
      <p className="notice-title">Why it is in quarantine</p>
      <ul>
        {release.quarantine_reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {release.evidence.length > 0 && (
        <p className="soft">
          Evidence:{" "}
          {release.evidence.map((position, index) => (
            <span key={position}>
              {index > 0 && ", "}
              <Link to="/timeline/$position" params={{ position: String(position) }}>
                event {position}
              </Link>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function Findings({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <div className="notice bad" role="note">
      <p className="notice-title">{title}</p>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
