import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { CopyAs } from "#/elements/CopyAs";
import { Tabs } from "#/elements/Tabs";
import { PageHead } from "#/shell/PageHead";

import { ActivityView } from "./ActivityView";
import { CheckpointsView } from "./CheckpointsView";
import { ProofView } from "./ProofView";
import { ReplayView } from "./ReplayView";
import { VerifyView } from "./VerifyView";

const route = getRouteApi("/shell/audit");

const TABS = ["verify", "checkpoints", "proof", "replay", "actors"] as const;
type Tab = (typeof TABS)[number];

const COMMANDS: Readonly<Record<Tab, string>> = {
  verify: "palyra audit verify --views",
  checkpoints: "palyra audit checkpoint list",
  proof: "palyra audit prove POSITION",
  replay: "palyra replay run",
  actors: "palyra audit report",
};

/** What an auditor asks: is the history sound, what was signed, prove it, and does it run again to the same bytes. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/audit" });
  const tab: Tab = TABS.find((each) => each === search.tab) ?? "verify";
  return (
    <>
      <PageHead
        title="Audit"
        about="Nobody has to believe this console: each check can be made elsewhere, with nothing but the log and what was signed."
        actions={<CopyAs command={COMMANDS[tab]} />}
      />
      <div className="panel">
        <Tabs
          label="Audit"
          tabs={[
            { key: "verify", title: "Verify" },
            { key: "checkpoints", title: "Checkpoints" },
            { key: "proof", title: "Proof" },
            { key: "replay", title: "Replay" },
            { key: "actors", title: "Who did how much" },
          ]}
          chosen={tab}
          onChoose={(key) => void navigate({ search: (before) => ({ ...before, tab: key }), replace: true })}
        >
          {tab === "verify" && <VerifyView />}
          {tab === "checkpoints" && <CheckpointsView />}
          {tab === "proof" && <ProofView position={search.position} />}
          {tab === "replay" && <ReplayView />}
          {tab === "actors" && <ActivityView />}
        </Tabs>
      </div>
    </>
  );
}
