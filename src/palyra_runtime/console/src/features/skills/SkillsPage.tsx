import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import type { Release } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { StateBadge } from "#/elements/Badge";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { Filters, Pills, SearchField } from "#/elements/Filters";
import { type Column, Ledger } from "#/elements/Ledger";
import { Moment } from "#/elements/Moment";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { AuditVerdict } from "./AuditVerdict";
import { InstallButton } from "./InstallButton";

const route = getRouteApi("/shell/skills");

const COLUMNS: ReadonlyArray<Column<Release>> = [
  {
    id: "skill",
    head: "Skill",
    track: "minmax(11rem, 1.6fr)",
    phone: "lead",
    cell: (row) => (
      <span className="two-line">
        <span className="clip">{row.name}</span>
        <small className="mono">
          {row.skill_id} {row.version}
        </small>
      </span>
    ),
  },
  { id: "state", head: "State", track: "8.5rem", phone: "side", cell: (row) => <StateBadge state={row.state} /> },
  { id: "audit", head: "Audit", track: "minmax(9rem, 1.6fr)", cell: (row) => <AuditVerdict release={row} /> },
  { id: "publisher", head: "Publisher", track: "minmax(6rem, 1fr)", phone: "hidden", cell: (row) => row.publisher },
  { id: "changed", head: "Changed", track: "6rem", align: "end", cell: (row) => <Moment at={row.changed_at} /> },
];

const STATES = ["enabled", "installed", "quarantined", "disabled"] as const;

/** All releases that are installed. */
export function SkillsPage() {
  const { state, q } = route.useSearch();
  const at = useAt();
  const navigate = useNavigate({ from: "/skills" });
  const query = useAnswer("skills.list", { query: at === undefined ? {} : { at } });
  const change = (changed: { state?: string | undefined; q?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const count = (wanted: string) => query.data?.items.filter((each) => each.state === wanted).length;
  return (
    <>
      <PageHead
        title="Skills"
        about="Releases that were installed. None may run before somebody has enabled it, and none that failed its audit."
        actions={
          <>
            <CopyAs command={commandOf("skill list", { at })} address={addressOf("skills.list", {}, { at })} />
            <InstallButton />
          </>
        }
      />
      <Filters>
        <SearchField label="Search skills" value={q} onChange={(words) => change({ q: words })} />
        <Pills
          label="State"
          value={state}
          options={[[undefined, "All"], ...STATES.map((each) => [each, each, count(each)] as [string, string, number?])]}
          onChange={(chosen) => change({ state: chosen })}
        />
      </Filters>
      <div className="panel">
        <Answer query={query}>
          {({ items }) => <Releases rows={items.filter((each) => matches(each, state, q))} isAll={items.length === 0} />}
        </Answer>
      </div>
    </>
  );
}

function matches(release: Release, state: string | undefined, words: string | undefined): boolean {
  const text = `${release.skill_id} ${release.version} ${release.name} ${release.publisher}`.toLowerCase();
  const isFound = (words ?? "").toLowerCase().split(/\s+/).every((word) => text.includes(word));
  return isFound && (state === undefined || release.state === state);
}

function Releases({ rows, isAll }: { rows: readonly Release[]; isAll: boolean }) {
  if (rows.length === 0) {
    return isAll ? (
      <EmptyState title="No skill is installed" command="palyra skill install FILE.palyra-skill --trust-on-first-use">
        A skill comes as one signed file. It is audited when it is installed, and runs when somebody has enabled it.
      </EmptyState>
    ) : (
      <EmptyState title="No skill is like this">Choose fewer filters.</EmptyState>
    );
  }
  return (
    <Ledger
      label="Releases"
      rows={rows}
      columns={COLUMNS}
      rowKey={(row) => `${row.skill_id} ${row.version}`}
      open={(row) => ({ to: "/skills/$skillId", params: { skillId: row.skill_id }, search: { version: row.version } })}
      rowHeight={52}
    />
  );
}
