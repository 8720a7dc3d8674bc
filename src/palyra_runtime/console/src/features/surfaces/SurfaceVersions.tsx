import { Link } from "@tanstack/react-router";

import { useListing } from "#/client/queries";
import { Button } from "#/elements/Button";
import { Moment } from "#/elements/Moment";
import { Panel } from "#/elements/Panel";

/** Versions of one page of the listing. */
const PAGE = 20;

/** The versions of a surface; each can be looked at as it was. */
export function SurfaceVersions({ surface, shown }: { surface: string; shown: number }) {
  const listing = useListing("surfaces.history", { limit: PAGE }, { surface }, { isPart: true });
  const newest = listing.rows[0]?.version;
  return (
    <Panel title="Versions" flush>
      <ul className="choices">
        {listing.rows.map((row) => (
          <li key={row.version}>
            <Link
              to="/surfaces/$surface"
              params={{ surface }}
              search={row.version === newest ? {} : { version: String(row.version) }}
              aria-current={row.version === shown}
            >
              <span className="figures">v{row.version}</span>
              <span className="soft">{row.change}</span>
              <Moment at={row.changed_at} />
            </Link>
          </li>
        ))}
      </ul>
      {listing.more !== undefined && <Button onClick={listing.more}>Older ones</Button>}
    </Panel>
  );
}
