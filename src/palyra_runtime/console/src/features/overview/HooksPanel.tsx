import { Link } from "@tanstack/react-router";

import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { EmptyState } from "#/elements/EmptyState";
import { duration, percent, whole } from "#/elements/numbers";
import { Panel } from "#/elements/Panel";
import { ShareBar } from "#/elements/ShareBar";

/** What came of the deliveries of each hook. */
export function HooksPanel() {
  const query = useAnswer("deliveries.stats", { query: { by: "hook" } });
  return (
    <Panel title="Deliveries by hook" flush>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing has been delivered yet" command="palyra hook bind NAME --event gateway:startup --plugin PLUGIN" />
          ) : (
            <div className="table-scroll">
              <table className="plain-table">
                <thead>
                  <tr>
                    <th scope="col">Hook</th>
                    <th scope="col" className="wide-only">How they ended</th>
                    <th scope="col" className="end">Deliveries</th>
                    <th scope="col" className="end">Succeeded</th>
                    <th scope="col" className="end">Median</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((row) => (
                    <tr key={row.key}>
                      <th scope="row">
                        <Link to="/deliveries" search={{ hook: row.key ?? undefined }}>
                          {row.key}
                        </Link>
                      </th>
                      <td className="share-cell wide-only">
                        <ShareBar
                          label={`Deliveries of ${row.key}`}
                          parts={[
                            { name: "succeeded", count: row.succeeded, tone: "good" },
                            { name: "waiting", count: row.waiting, tone: "info" },
                            { name: "skipped", count: row.skipped + row.cancelled, tone: "plain" },
                            { name: "dead", count: row.dead, tone: "bad" },
                          ]}
                        />
                      </td>
                      <td className="end">{whole(row.deliveries)}</td>
                      <td className="end">{row.success_rate === null ? "–" : percent(row.success_rate)}</td>
                      <td className="end">{row.duration_us_p50 === null ? "–" : duration(row.duration_us_p50)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </Panel>
  );
}
