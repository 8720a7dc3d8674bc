import { addressOf, type QueryOf } from "#/client/ask";
import type { Surface } from "#/client/nouns";
import { useListing } from "#/client/queries";
import { useFresh } from "#/client/refresh";
import { Badge } from "#/elements/Badge";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { type Column, Ledger } from "#/elements/Ledger";
import { Fresh, Listing } from "#/elements/Listing";
import { Moment } from "#/elements/Moment";
import { counted } from "#/elements/numbers";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

const COLUMNS: ReadonlyArray<Column<Surface>> = [
  {
    id: "surface",
    head: "Surface",
    track: "minmax(10rem, 1.6fr)",
    phone: "lead",
    cell: (row) => (
      <span className="two-line">
        <span className="clip">{row.surface}</span>
        <small>
          v{row.version}, shown by {row.plugin_id}
        </small>
      </span>
    ),
  },
  { id: "state", head: "State", track: "7.5rem", phone: "side", cell: (row) => <SurfaceState surface={row} /> },
  {
    id: "repairs",
    head: "Repairs",
    track: "minmax(6rem, 1fr)",
    cell: (row) => (row.repairs === 0 ? <span className="faint">nothing mended</span> : `${counted(row.repairs, "place")} mended`),
  },
  { id: "parts", head: "Components", track: "7rem", align: "end", phone: "hidden", cell: (row) => row.components },
  { id: "changed", head: "Changed", track: "6rem", align: "end", phone: "end", cell: (row) => <Moment at={row.changed_at} /> },
];

/** Whether a surface is shown. */
export function SurfaceState({ surface }: { surface: Surface }) {
  return surface.is_open ? <Badge tone="good">open</Badge> : <Badge tone="plain">closed</Badge>;
}

/** The pages that plugins show. */
export function SurfacesPage() {
  const at = useAt();
  const query: QueryOf<"surfaces.list"> = at === undefined ? {} : { at };
  const listing = useListing("surfaces.list", query);
  const [fresh, showFresh] = useFresh(["surfaces.list"], ["delivery", "surface", "plugin"], at === undefined);
  return (
    <>
      <PageHead
        title="Surfaces"
        about="Pages that plugins show: text, tables, charts and forms, as data that this console draws. No plugin brings code here."
        actions={<CopyAs command={commandOf("surface list --all", { at })} address={addressOf("surfaces.list", {}, query)} />}
      />
      <Fresh count={fresh} onShow={showFresh} />
      <Listing
        listing={listing}
        empty={
          <EmptyState title="No plugin shows a page" command="palyra surface validate FILE">
            A plugin shows one by answering with a document under “a2ui”. Try one from a file first.
          </EmptyState>
        }
      >
        {(rows) => (
          <Ledger
            label="Surfaces"
            rows={rows}
            columns={COLUMNS}
            rowKey={(row) => row.surface}
            open={(row) => ({ to: "/surfaces/$surface", params: { surface: row.surface } })}
            onEnd={listing.more}
            isLoadingMore={listing.isLoadingMore}
            rowHeight={52}
          />
        )}
      </Listing>
    </>
  );
}
