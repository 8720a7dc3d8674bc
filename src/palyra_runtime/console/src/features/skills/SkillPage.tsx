import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import type { Release } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { StateBadge } from "#/elements/Badge";
import { CopyAs } from "#/elements/CopyAs";
import { Moment } from "#/elements/Moment";
import { Panel } from "#/elements/Panel";
import { commandOf } from "#/elements/shell-words";
import { Tabs } from "#/elements/Tabs";
import { BindPluginButton } from "#/features/plugins/BindPlugin";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { InspectionView } from "./InspectionView";
import { ReleaseActions } from "./ReleaseActions";
import { ReleaseCompare } from "./ReleaseCompare";
import { ReleaseFacts } from "./ReleaseFacts";
import { SkillHistory } from "./SkillHistory";

const route = getRouteApi("/shell/skills/$skillId");

const TABS = ["release", "asks", "compare"] as const;
type Tab = (typeof TABS)[number];

/** One skill: its releases, what each asks for, how they differ, and what happened to it. */
export function SkillPage() {
  const { skillId } = route.useParams();
  const at = useAt();
  const query = useAnswer("skills.show", { path: { skill_id: skillId }, query: { removed: true, ...(at && { at }) } });
  return (
    <Answer query={query} head={<PageHead title={skillId} trail={<Link to="/skills">Skills</Link>} />}>
      {({ items }) => <Skill skillId={skillId} releases={items} />}
    </Answer>
  );
}

/** Returns the release to begin with: the enabled one, or else the newest. */
function foremost(releases: readonly Release[]): Release | undefined {
  return releases.find((each) => each.state === "enabled") ?? releases.at(-1);
}

function Skill({ skillId, releases }: { skillId: string; releases: readonly Release[] }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/skills/$skillId" });
  const chosen = releases.find((each) => each.version === search.version) ?? foremost(releases);
  if (chosen === undefined) return null;
  const tab: Tab = TABS.find((each) => each === search.tab) ?? "release";
  const go = (changed: { tab?: string; version?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true, resetScroll: false });
  return (
    <>
      <PageHead
        title={chosen.name}
        beside={<StateBadge state={chosen.state} />}
        trail={<Link to="/skills">Skills</Link>}
        about={
          <span className="mono">
            {skillId} {chosen.version}
          </span>
        }
        actions={
          <>
            <CopyAs command={commandOf(`skill show ${skillId}`)} address={addressOf("skills.show", { skill_id: skillId })} />
            {chosen.state !== "removed" && <BindPluginButton skillId={skillId} kind="plain" />}
            <ReleaseActions release={chosen} />
          </>
        }
      />
      <div className="columns main-side">
        <div className="stack">
          <div className="panel">
            <Tabs
              label="About the release"
              tabs={[
                { key: "release", title: "Release" },
                { key: "asks", title: "What it asks for" },
                { key: "compare", title: "Compare" },
              ]}
              chosen={tab}
              onChoose={(key) => go({ tab: key })}
            >
              {tab === "release" && <ReleaseFacts release={chosen} />}
              {tab === "asks" && <InspectionView release={chosen} />}
              {tab === "compare" && <ReleaseCompare releases={releases} />}
            </Tabs>
          </div>
        </div>
        <div className="stack">
          <Panel title="Releases" note={releases.length} flush>
            <ul className="choices">
              {[...releases].reverse().map((release) => (
                <li key={release.version}>
                  <button type="button" aria-pressed={release === chosen} onClick={() => go({ version: release.version })}>
                    <span className="mono">{release.version}</span>
                    <StateBadge state={release.state} />
                    <Moment at={release.changed_at} />
                  </button>
                </li>
              ))}
            </ul>
          </Panel>
          <SkillHistory skillId={skillId} />
        </div>
      </div>
    </>
  );
}
