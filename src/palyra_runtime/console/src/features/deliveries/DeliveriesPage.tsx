import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

import { addressOf } from "#/client/ask";
import type { DeliveryState } from "#/client/nouns";
import { useAnswer, useListing } from "#/client/queries";
import { useFresh } from "#/client/refresh";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { Choice, Filters, Pills } from "#/elements/Filters";
import { Fresh, Listing } from "#/elements/Listing";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { BulkButton } from "./BulkButton";
import { DeliveryLedger } from "./DeliveryLedger";
import { DeliveryTabs } from "./DeliveryTabs";
import { commandFor, type DeliverySearch, EVENT_KINDS, questionOf } from "./filter";

const route = getRouteApi("/shell/deliveries");

const SINCE = [
  ["15m", "15 minutes"],
  ["1h", "1 hour"],
  ["24h", "24 hours"],
  ["7d", "7 days"],
] as const;

/** What hooks asked for, newest first. */
export function DeliveriesPage() {
  const search = route.useSearch();
  const at = useAt();
  const query = questionOf(search, at);
  const listing = useListing("deliveries.list", query);
  const [fresh, showFresh] = useFresh(["deliveries.list"], ["delivery"], at === undefined);
  return (
    <>
      <PageHead
        title="Deliveries"
        about="One for each event and hook that match. Each is carried out until it ends, and every attempt is kept."
        actions={
          <>
            <CopyAs command={commandFor(search, at)} address={addressOf("deliveries.list", {}, query)} />
            <BulkButton search={search} />
          </>
        }
      />
      <DeliveryTabs />
      <DeliveryFilters search={search} />
      <Fresh count={fresh} onShow={showFresh} />
      <Listing listing={listing} empty={<NoDeliveries search={search} />}>
        {(rows) => <DeliveryLedger rows={rows} onEnd={listing.more} isLoadingMore={listing.isLoadingMore} />}
      </Listing>
    </>
  );
}

function DeliveryFilters({ search }: { search: DeliverySearch }) {
  const navigate = useNavigate({ from: "/deliveries" });
  const hooks = useAnswer("hooks.list", {});
  const at = useAt();
  const figures = useAnswer("deliveries.stats", at === undefined ? {} : { query: { at } });
  const sum = (key: "dead" | "skipped" | "waiting" | "succeeded") =>
    figures.data?.items.reduce((total, each) => total + each[key], 0) ?? 0;
  const change = useCallback(
    (changed: Partial<Record<keyof DeliverySearch, string | undefined>>) =>
      void navigate({ search: (before) => ({ ...before, ...changed }) as DeliverySearch, replace: true }),
    [navigate],
  );
  return (
    <Filters>
      <Pills<DeliveryState | "open">
        label="State"
        value={search.state as DeliveryState | undefined}
        options={[
          [undefined, "All"],
          ["open", "Open", sum("waiting")],
          ["succeeded", "Succeeded", sum("succeeded")],
          ["dead", "Dead", sum("dead")],
          ["skipped", "Skipped", sum("skipped")],
          ["cancelled", "Cancelled"],
        ]}
        onChange={(state) => change({ state })}
      />
      <Choice
        label="Hook"
        value={search.hook}
        options={hooks.data?.items.map((hook) => hook.hook_id) ?? []}
        onChange={(hook) => change({ hook })}
      />
      <Choice label="Event" value={search.event} options={EVENT_KINDS} onChange={(event) => change({ event })} />
      <Choice label="Since" value={search.since} options={SINCE} all="ever" onChange={(since) => change({ since })} />
    </Filters>
  );
}

function NoDeliveries({ search }: { search: DeliverySearch }) {
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return isFiltered ? (
    <EmptyState title="No delivery is like this">Choose fewer filters, or a longer time.</EmptyState>
  ) : (
    <EmptyState title="Nothing has been delivered yet" command="palyra hook bind NAME --event skill:enabled --plugin PLUGIN">
      Bind a hook: whenever its event happens, a delivery is scheduled.
    </EmptyState>
  );
}
