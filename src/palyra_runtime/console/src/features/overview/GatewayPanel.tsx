import { Link } from "@tanstack/react-router";

import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Badge, StateBadge } from "#/elements/Badge";
import { Facts } from "#/elements/Facts";
import { Moment } from "#/elements/Moment";
import { Panel } from "#/elements/Panel";

/** Runs that are shown besides the one that is up. */
const RUNS_SHOWN = 4;

/** Which gateway schedules, what it is doing, and how those before it ended. */
export function GatewayPanel() {
  const query = useAnswer("gateway.status", {});
  return (
    <Panel title="Gateway">
      <Answer query={query} lines={4}>
        {({ role, runs, leases, messages_waiting: waiting }) => (
          <div className="stack">
            <Facts
              facts={[
                ["Schedules", role === null ? <Badge key="none" tone="warn">nobody</Badge> : `${role.part}, process ${role.pid}`],
                role?.since == null ? null : ["Since", <Moment key="since" at={role.since} as="both" />],
                ["Under way", leases.length === 0 ? "nothing" : leases.map((each) => each.delivery_id ?? each.key).join(", ")],
                ["Messages", waiting === 0 ? "none waits" : <Link key="out" to="/deliveries/outbox">{waiting === 1 ? "1 waits" : `${waiting} wait`}</Link>],
              ]}
            />
            <ul className="runs">
              {runs.slice(0, RUNS_SHOWN).map((run) => (
                <li key={run.gateway_id}>
                  <StateBadge state={run.state} />
                  <span className="soft">
                    {run.version}
                    {run.cause !== null && `, ${run.cause}`}
                  </span>
                  <Moment at={run.started_at} />
                </li>
              ))}
            </ul>
          </div>
        )}
      </Answer>
    </Panel>
  );
}
