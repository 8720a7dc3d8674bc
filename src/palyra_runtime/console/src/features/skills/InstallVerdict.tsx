import { Link } from "@tanstack/react-router";

import type { Release } from "#/client/nouns";
import { Badge, StateBadge } from "#/elements/Badge";
import { Button } from "#/elements/Button";
import { Digest } from "#/elements/Copy";
import { Facts } from "#/elements/Facts";

/** What the trust in a publisher rests on, in words. */
const TRUST: Readonly<Record<string, string>> = {
  allowlisted: "the key is on the list of trusted keys",
  tofu_pinned: "the key is the one that was accepted before",
  tofu_newly_pinned: "the key was accepted just now, and counts from now on",
  key_retired: "the key has a successor by now",
};

/** Returns why the key of a release was accepted; one that fails its audit leaves no key behind. */
function trustOf({ trust_decision: decision, audit_passed: passed }: Release): string {
  if (decision === "tofu_newly_pinned" && passed !== true) return "nobody knew the key, and it was not kept";
  return TRUST[decision] ?? decision.replaceAll("_", " ");
}

interface Props {
  release: Release;
  onAnother: () => void;
  onClose: () => void;
}

/** What became of a file that was installed. */
export function InstallVerdict({ release, onAnother, onClose }: Props) {
  const { skill_id: id, version, state } = release;
  return (
    <div className="stack">
      <p className="row">
        <StateBadge state={state} />
        <span className="mono">
          {id} {version}
        </span>
      </p>
      {release.audit_failures.length > 0 ? (
        <div className="notice held" role="alert">
          <p className="notice-title">It failed its audit, and is kept in quarantine</p>
          <ul>
            {release.audit_failures.map((failure) => (
              <li key={failure}>{failure}</li>
            ))}
          </ul>
        </div>
      ) : (
        <p className="notice good" role="status">
          It passed its audit. Nothing of it runs before it is enabled, and nothing is granted before a plugin is bound.
        </p>
      )}
      <Facts
        facts={[
          ["Publisher", release.publisher],
          ["Trust", trustOf(release)],
          ["Key", <code key="key">{release.key_id}</code>],
          ["Audit", <Badge key="audit" tone={release.audit_passed === true ? "good" : "bad"}>{release.audit_passed === true ? "passed" : "failed"}</Badge>],
          ["Artifact", <Digest key="artifact" value={release.artifact_sha256} label="SHA-256 of the artifact" />],
        ]}
      />
      <footer className="dialog-foot">
        <Button onClick={onAnother}>Install another</Button>
        <Link className="button primary" to="/skills/$skillId" params={{ skillId: id }} search={{ version }} onClick={onClose}>
          Look at it
        </Link>
      </footer>
    </div>
  );
}
