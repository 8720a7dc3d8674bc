import { getRouteApi, useNavigate } from "@tanstack/react-router";

import type { Release, ReleaseDiff } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { EmptyState } from "#/elements/EmptyState";
import { Choice } from "#/elements/Filters";

import { PowerChanges } from "./PowerChanges";

const route = getRouteApi("/shell/skills/$skillId");

/** How two releases of a skill differ: first what one may do more. */
export function ReleaseCompare({ releases }: { releases: readonly Release[] }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/skills/$skillId" });
  const versions = releases.map((each) => each.version);
  const after = versions.find((each) => each === search.version) ?? versions.at(-1);
  const before = versions.find((each) => each === search.other && each !== after) ?? versions.filter((each) => each !== after).at(-1);
  if (before === undefined || after === undefined) {
    return (
      <EmptyState title="There is one release" command="palyra skill update FILE.palyra-skill">
        When a second one is installed, this shows what it may do that the first one could not.
      </EmptyState>
    );
  }
  const go = (changed: { version?: string | undefined; other?: string | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...changed }), replace: true, resetScroll: false });
  return (
    <div className="stack">
      <div className="row">
        <Choice label="From" value={before} options={versions} onChange={(other) => go({ other })} />
        <Choice label="To" value={after} options={versions} onChange={(version) => go({ version })} />
      </div>
      <Compared skillId={releases[0]?.skill_id ?? ""} before={before} after={after} />
    </div>
  );
}

function Compared({ skillId, before, after }: { skillId: string; before: string; after: string }) {
  const query = useAnswer("skills.diff", { path: { skill_id: skillId }, query: { version: before, other: after } });
  return <Answer query={query}>{(diff) => <Difference diff={diff} />}</Answer>;
}

function Difference({ diff }: { diff: ReleaseDiff }) {
  return (
    <div className="stack">
      <section>
        <h2 className="inner-title">Powers</h2>
        <PowerChanges more={diff.declares_more} less={diff.declares_less} />
      </section>
      <section>
        <h2 className="inner-title">Modules</h2>
        <ul className="changes">
          {diff.modules.map(({ file, imports_more: more, imports_less: less }) => (
            <li key={file.path} className={file.kind === "added" ? "added" : file.kind === "removed" ? "taken" : "kept"}>
              <code>{file.path}</code> <span className="soft">{file.kind}</span>
              {more.length > 0 && <p className="soft">imports more: {more.join(", ")}</p>}
              {less.length > 0 && <p className="soft">imports less: {less.join(", ")}</p>}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2 className="inner-title">Manifest</h2>
        {diff.manifest.length === 0 && <p className="soft">Nothing else in the manifest differs.</p>}
        <ul className="changes">
          {diff.manifest.map((field) => (
            <li key={field.path} className="kept">
              <code>{field.path}</code>
              <p>
                <del>{written(field.before)}</del> <ins>{written(field.after)}</ins>
              </p>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function written(value: unknown): string {
  if (value == null) return "not there";
  return typeof value === "string" ? value : JSON.stringify(value);
}
