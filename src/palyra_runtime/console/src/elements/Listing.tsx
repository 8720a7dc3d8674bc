import type { ReactNode } from "react";

import type { ListingAnswer } from "#/client/queries";

import { Failure } from "./Failure";
import { Loading } from "./Loading";

interface Props<Row> {
  listing: ListingAnswer<Row>;
  /** Shown where there are no rows. */
  empty: ReactNode;
  children: (rows: readonly Row[]) => ReactNode;
}

/** A sheet with a listing: on its way, refused, empty, or there. */
export function Listing<Row>({ listing, empty, children }: Props<Row>) {
  return (
    <div className="panel">
      {listing.isPending ? (
        <Loading lines={8} />
      ) : listing.error !== null ? (
        <div className="panel-body">
          <Failure error={listing.error} onRetry={listing.retry} />
        </div>
      ) : listing.rows.length === 0 ? (
        empty
      ) : (
        children(listing.rows)
      )}
    </div>
  );
}

/** Says how much is new above, and goes there. */
export function Fresh({ count, onShow }: { count: number; onShow: () => void }) {
  if (count === 0) return null;
  return (
    <button type="button" className="fresh figures" onClick={onShow}>
      {count} new
    </button>
  );
}
