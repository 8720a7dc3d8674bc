import { Link } from "@tanstack/react-router";

/** What hooks asked for, and what plugins say to the world: two listings of one page. */
export function DeliveryTabs() {
  return (
    <nav className="tab-list fades page-tabs" aria-label="Deliveries and messages">
      <Link to="/deliveries" activeOptions={{ exact: true, includeSearch: false }}>
        Deliveries
      </Link>
      <Link to="/deliveries/outbox" activeOptions={{ includeSearch: false }}>
        Outbox
      </Link>
    </nav>
  );
}
