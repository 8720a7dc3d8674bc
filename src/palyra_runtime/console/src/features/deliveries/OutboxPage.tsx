import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import type { MessageState } from "#/client/nouns";
import { useAnswer, useListing } from "#/client/queries";
import { useFresh } from "#/client/refresh";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { Choice, Filters, Pills } from "#/elements/Filters";
import { Fresh, Listing } from "#/elements/Listing";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { DeliveryTabs } from "./DeliveryTabs";
import { MessageLedger } from "./MessageLedger";
import { outboxCommand, outboxQuestion, type OutboxSearch } from "./outbox";

const route = getRouteApi("/shell/deliveries/outbox");

/** What plugins have to say to the world and nobody has taken yet, in the order of sending. */
export function OutboxPage() {
  const search = route.useSearch();
  const at = useAt();
  const query = outboxQuestion(search, at);
  const listing = useListing("messages.list", query);
  const [fresh, showFresh] = useFresh(["messages.list"], ["message", "delivery", "plugin"], at === undefined);
  const channels = [...new Set(listing.rows.map((row) => row.channel))].sort();
  return (
    <>
      <PageHead
        title="Outbox"
        about="Messages of plugins to channels that are not sent: those that wait, and those that were given up. Each came of an outcome, and is sent once."
        actions={<CopyAs command={outboxCommand(search, at)} address={addressOf("messages.list", {}, query)} />}
      />
      <DeliveryTabs />
      <OutboxFilters search={search} channels={channels} />
      <Fresh count={fresh} onShow={showFresh} />
      <Listing listing={listing} empty={<NoMessages search={search} />}>
        {(rows) => <MessageLedger rows={rows} onEnd={listing.more} isLoadingMore={listing.isLoadingMore} />}
      </Listing>
    </>
  );
}

function OutboxFilters({ search, channels }: { search: OutboxSearch; channels: readonly string[] }) {
  const navigate = useNavigate({ from: "/deliveries/outbox" });
  const plugins = useAnswer("plugins.list", {});
  const change = (changed: OutboxSearch) => void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  return (
    <Filters>
      <Pills<MessageState>
        label="State"
        value={search.state as MessageState | undefined}
        options={[
          [undefined, "All"],
          ["waiting", "Waiting"],
          ["retrying", "Retrying"],
          ["dead", "Dead"],
        ]}
        onChange={(state) => change({ state })}
      />
      <Choice label="Channel" value={search.channel} options={channels} onChange={(channel) => change({ channel })} />
      <Choice
        label="Plugin"
        value={search.plugin}
        options={plugins.data?.items.map((each) => each.plugin_id) ?? []}
        onChange={(plugin) => change({ plugin })}
      />
    </Filters>
  );
}

function NoMessages({ search }: { search: OutboxSearch }) {
  const isFiltered = [search.state, search.channel, search.plugin].some((value) => value !== undefined);
  return isFiltered ? (
    <EmptyState title="No message is like this">Choose fewer filters.</EmptyState>
  ) : (
    <EmptyState title="Nothing waits to be sent" command="palyra event tail --subject message">
      Every message that a plugin sent was taken by its receiver, or put away by somebody.
    </EmptyState>
  );
}
