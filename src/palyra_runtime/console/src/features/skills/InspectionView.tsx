import type { Inspection, Release } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Badge } from "#/elements/Badge";
import { Capabilities } from "#/elements/Capabilities";
import { Facts } from "#/elements/Facts";
import { bytes, whole } from "#/elements/numbers";

/** What a release is made of, and what it wants to be allowed. */
export function InspectionView({ release }: { release: Release }) {
  const told = { path: { skill_id: release.skill_id }, query: { version: release.version } };
  const query = useAnswer("verification.inspect", told);
  return <Answer query={query}>{(inspection) => <Inspected inspection={inspection} />}</Answer>;
}

function Inspected({ inspection }: { inspection: Inspection }) {
  const { quotas } = inspection;
  return (
    <div className="stack">
      {inspection.needs_review && (
        <div className="notice warn" role="note">
          <p className="notice-title">Look at this before it runs</p>
          <ul>
            {inspection.warnings.map((warning, index) => (
              <li key={index}>{warning.message}</li>
            ))}
          </ul>
        </div>
      )}
      <section>
        <h2 className="inner-title">Powers that it declares</h2>
        <Capabilities profile={inspection.capabilities} none="It declares none: it works with its input alone." />
        {inspection.missing_secrets.length > 0 && (
          <p className="soft">These secrets are not there yet: {inspection.missing_secrets.join(", ")}.</p>
        )}
      </section>
      <section>
        <h2 className="inner-title">Bounds that it names</h2>
        <Facts
          facts={[
            ["Time", `${whole(quotas.wall_clock_timeout_ms)} ms`],
            ["Fuel", whole(quotas.fuel_budget)],
            ["Memory", bytes(quotas.max_memory_bytes)],
          ]}
        />
      </section>
      <section>
        <h2 className="inner-title">Tools</h2>
        {inspection.tools.length === 0 && <p className="soft">It offers no tool to agents.</p>}
        <ul className="tool-list">
          {inspection.tools.map((tool) => (
            <li key={tool.id}>
              <strong>{tool.name}</strong> <code className="faint">{tool.id}</code>
              {tool.needs_approval && <Badge tone="warn">needs approval</Badge>}
              <p className="soft">{tool.description}</p>
            </li>
          ))}
        </ul>
      </section>
      <p className="soft">What the author says stands in the manifest as it was signed. The engine grants nothing because of it.</p>
    </div>
  );
}
