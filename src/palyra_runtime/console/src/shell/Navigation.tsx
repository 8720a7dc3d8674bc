import { Link } from "@tanstack/react-router";
import { useQuery, useQueryClient } from "@tanstack/react-query";

import { useAnswer } from "#/client/queries";
import { logOut, sessionQuery } from "#/client/session";

import { Icon } from "./Icon";
import { GROUPS } from "./pages";

/** The pages at the left, and who is logged in. */
export function Navigation({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <>
      {isOpen && <button type="button" className="side-shade" aria-label="Close the menu" onClick={onClose} />}
      <nav className={isOpen ? "side open" : "side"} aria-label="Pages">
        <Link to="/" className="brand" onClick={onClose}>
          <img src="/mark.svg" alt="" />
          Palyra
        </Link>
        {GROUPS.map(([title, pages]) => (
          <div key={title} className="side-group" role="group" aria-label={title}>
            <span className="side-title" aria-hidden="true">
              {title}
            </span>
            {pages.map((page) => (
              <Link
                key={page.to}
                to={page.to}
                className="side-link"
                activeOptions={{ exact: page.to === "/", includeSearch: false }}
                onClick={onClose}
              >
                <Icon path={page.icon} />
                {page.title}
                {page.to === "/deliveries" && <DeadCount />}
              </Link>
            ))}
          </div>
        ))}
        <Actor />
      </nav>
    </>
  );
}

/** How many dead letters wait for somebody. */
function DeadCount() {
  const { data } = useAnswer("deliveries.stats", {});
  const dead = data?.items.reduce((sum, each) => sum + each.dead, 0) ?? 0;
  return dead === 0 ? null : (
    <span className="count" title={`${dead} dead`}>
      {dead}
      <span className="only-heard"> dead</span>
    </span>
  );
}

function Actor() {
  const client = useQueryClient();
  const { data } = useQuery(sessionQuery);
  if (data === undefined) return null;
  const leave = () => void logOut().then(() => client.invalidateQueries({ queryKey: sessionQuery.queryKey }));
  return (
    <div className="side-foot">
      <span className="actor" title={`${data.actor} is logged in as ${data.role}`}>
        <Icon path="M8 8.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.500 14c.500-3 2.700-4.500 5.500-4.500s5 1.500 5.500 4.500" />
        <span className="two-line">
          <span className="actor-name">{data.actor.replace(/^operator:/, "")}</span>
          <small>{data.role}</small>
        </span>
      </span>
      <button type="button" className="icon-button" aria-label="Log out" title="Log out" onClick={leave}>
        <Icon path="M6.500 2.500h-4v11h4M10 5l3 3-3 3M13 8H6" />
      </button>
    </div>
  );
}
