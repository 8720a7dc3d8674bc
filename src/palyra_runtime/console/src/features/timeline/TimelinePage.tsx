import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

import { addressOf, type QueryOf } from "#/client/ask";
import type { AuditEntry } from "#/client/nouns";
import { type ListingAnswer, useListing } from "#/client/queries";
import { useFresh } from "#/client/refresh";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { Choice, Filters, SearchField } from "#/elements/Filters";
import { Fresh, Listing } from "#/elements/Listing";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { TimelineLedger } from "./TimelineLedger";

const route = getRouteApi("/shell/timeline");

const KINDS = ["skill", "plugin", "hook", "delivery", "gateway", "surface", "publisher", "decision", "message"] as const;

/** Events of one page, and how many of a kind are enough to begin with. */
const PAGE = 200;
const ENOUGH = 30;

interface TimelineSearch {
  q?: string | undefined;
  kind?: string | undefined;
  id?: string | undefined;
  actor?: string | undefined;
}

function questionOf(search: TimelineSearch, at: string | undefined): QueryOf<"audit.log"> {
  return {
    ...(at !== undefined && { at }),
    ...(search.q !== undefined && { grep: search.q }),
    ...(search.actor !== undefined && { actor: search.actor }),
    ...(search.kind !== undefined && search.id !== undefined && { subject: `${search.kind}:${search.id}` }),
    newest_first: true,
    limit: PAGE,
  };
}

/** Everything that happened, in words, the newest first. */
export function TimelinePage() {
  const search = route.useSearch();
  const at = useAt();
  const navigate = useNavigate({ from: "/timeline" });
  const query = questionOf(search, at);
  const listing = useListing("audit.log", query);
  const [fresh, showFresh] = useFresh(["audit.log"], search.kind === undefined ? null : [search.kind], at === undefined);
  const change = (changed: TimelineSearch) => void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const shown = useOfKind(listing, search.id === undefined ? search.kind : undefined);
  return (
    <>
      <PageHead
        title="Timeline"
        about="Every event of the log: who did what, when and why. Nothing here was ever changed."
        actions={
          <CopyAs
            command={commandOf(search.q === undefined ? "audit log" : `audit search '${search.q}'`, { actor: search.actor })}
            address={addressOf("audit.log", {}, query)}
          />
        }
      />
      <Filters>
        <SearchField
          label="Search events"
          placeholder="Words, ids, a begin*, or “two words”"
          value={search.q}
          onChange={(q) => change({ q })}
        />
        <Choice label="About" value={search.kind} options={KINDS} all="everything" onChange={(kind) => change({ kind, id: undefined })} />
        {search.id !== undefined && (
          <Choice label="Only" value={search.id} options={[search.id]} all="any" onChange={(id) => change({ id })} />
        )}
        <Choice
          label="By"
          value={search.actor}
          options={actorsOf(listing.rows, search.actor)}
          all="anyone"
          onChange={(actor) => change({ actor })}
        />
      </Filters>
      <Fresh count={fresh} onShow={showFresh} />
      <Listing
        listing={shown}
        empty={
          search.q === undefined && search.actor === undefined && search.kind === undefined ? (
            <EmptyState title="The log is empty" command="palyra gateway run --once" />
          ) : (
            <EmptyState title="No event is like this">Choose fewer filters, or other words.</EmptyState>
          )
        }
      >
        {(rows) => <TimelineLedger rows={rows} onEnd={listing.more} isLoadingMore={listing.isLoadingMore} />}
      </Listing>
    </>
  );
}

/** Keeps the events about one kind of thing, and reads on until there are some to look at. */
function useOfKind(listing: ListingAnswer<AuditEntry>, kind: string | undefined): ListingAnswer<AuditEntry> {
  const rows = kind === undefined ? listing.rows : listing.rows.filter((row) => row.subject_kind === kind);
  const { more, isLoadingMore } = listing;
  const isShort = kind !== undefined && rows.length < ENOUGH && more !== undefined && !isLoadingMore;
  useEffect(() => {
    if (isShort) more?.();
  }, [isShort, more]);
  return { ...listing, rows, isPending: listing.isPending || (isShort && rows.length === 0) };
}

function actorsOf(rows: readonly { actor: string }[], chosen: string | undefined): string[] {
  return [...new Set([...rows.map((row) => row.actor), ...(chosen === undefined ? [] : [chosen])])].sort();
}
