import type { Release } from "#/client/nouns";
import { counted } from "#/elements/numbers";

/** What the audit of a release came to, in a line. */
export function AuditVerdict({ release }: { release: Release }) {
  if (release.audit_passed === null) return <span className="faint">not audited</span>;
  if (release.audit_passed) return <span className="soft">passed{release.is_override ? ", by override" : ""}</span>;
  return (
    <span className="clip verdict-bad" title={release.audit_failures.join("\n")}>
      {counted(release.audit_failures.length, "check")} failed
    </span>
  );
}
