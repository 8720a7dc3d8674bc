import { addressOf } from "#/client/ask";
import { CopyAs } from "#/elements/CopyAs";
import { PageHead } from "#/shell/PageHead";

import { ActivityPanel } from "./ActivityPanel";
import { AttentionPanel } from "./AttentionPanel";
import { GatewayPanel } from "./GatewayPanel";
import { HooksPanel } from "./HooksPanel";
import { NewestPanel } from "./NewestPanel";
import { OverviewFigures } from "./OverviewFigures";

/** How everything stands, and what needs somebody. */
export function OverviewPage() {
  return (
    <>
      <PageHead
        title="Overview"
        about="How everything stands at this moment."
        actions={<CopyAs command="palyra gateway status" address={addressOf("gateway.status")} />}
      />
      <OverviewFigures />
      <div className="columns main-side">
        <div className="stack">
          <AttentionPanel />
          <ActivityPanel />
          <HooksPanel />
        </div>
        <div className="stack">
          <GatewayPanel />
          <NewestPanel />
        </div>
      </div>
    </>
  );
}
