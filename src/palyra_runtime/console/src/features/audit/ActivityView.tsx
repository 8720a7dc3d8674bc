import { Link } from "@tanstack/react-router";

import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Moment } from "#/elements/Moment";
import { whole } from "#/elements/numbers";

/** Who did how much, the busiest first. */
export function ActivityView() {
  const query = useAnswer("audit.activity", {});
  return (
    <Answer query={query}>
      {({ items }) => (
        <div className="table-scroll">
          <table className="plain-table inset">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col" className="end">Events</th>
                <th scope="col">About</th>
                <th scope="col" className="wide-only">First</th>
                <th scope="col">Last</th>
              </tr>
            </thead>
            <tbody>
              {items.map((row) => (
                <tr key={row.actor}>
                  <th scope="row">
                    <Link to="/timeline" search={{ actor: row.actor }}>
                      {row.actor}
                    </Link>
                  </th>
                  <td className="end">{whole(row.events)}</td>
                  <td className="soft">{row.subjects.join(", ")}</td>
                  <td className="wide-only">
                    <Moment at={row.since} />
                  </td>
                  <td>
                    <Moment at={row.until} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Answer>
  );
}
