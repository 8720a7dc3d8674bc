import { Link, type LinkProps } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import type { ReactNode } from "react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

export interface Column<Row> {
  id: string;
  head: string;
  /** A track of a CSS grid, such as `minmax(8rem, 2fr)`. */
  track: string;
  cell: (row: Row) => ReactNode;
  align?: "end";
  /** Where it goes on a phone: first line, its right end, second line, its right end, a last line, or nowhere. */
  phone?: "lead" | "side" | "line" | "end" | "last" | "hidden";
}

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  columns: ReadonlyArray<Column<Row>>;
  rowKey: (row: Row) => string | number;
  /** Where a row leads; the whole row is the link. */
  open?: (row: Row) => LinkProps;
  /** Called when the end of the list comes into view and there is more. */
  onEnd?: (() => void) | undefined;
  isLoadingMore?: boolean;
  /** The height of a row before it was measured, in px. */
  rowHeight?: number;
}

/** How many rows before the end more are asked for. */
const AHEAD = 20;

/** A long list as a table: only the rows in sight exist, so ten thousand scroll like ten. */
export function Ledger<Row>(props: Props<Row>) {
  const { label, rows, columns, rowKey, open, onEnd, isLoadingMore = false, rowHeight = 44 } = props;
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const place = () => setMargin((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    place();
    window.addEventListener("resize", place);
    return () => window.removeEventListener("resize", place);
  });
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: margin,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const isNearEnd = rows.length > 0 && last >= rows.length - AHEAD;
  useEffect(() => {
    if (isNearEnd && !isLoadingMore) onEnd?.();
  }, [isNearEnd, isLoadingMore, onEnd, rows.length]);
  const tracks = { "--tracks": columns.map((each) => each.track).join(" ") } as Record<string, string>;
  return (
    <div className="ledger" role="table" aria-label={label} aria-rowcount={rows.length + 1} style={tracks}>
      <div className="ledger-head" role="rowgroup">
        <div className="ledger-row" role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <span key={column.id} role="columnheader" className={column.align === "end" ? "end" : undefined}>
              {column.head}
            </span>
          ))}
        </div>
      </div>
      <div ref={body} role="rowgroup" className="ledger-body" style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              role="row"
              aria-rowindex={item.index + 2}
              className={open ? "ledger-row leads" : "ledger-row"}
              style={{ transform: `translateY(${item.start - margin}px)` }}
            >
              {columns.map((column, index) => (
                <LedgerCell key={column.id} column={column}>
                  {open && index === 0 ? (
                    <Link {...open(row)} className="ledger-link" data-ledger-link="">
                      {column.cell(row)}
                    </Link>
                  ) : (
                    column.cell(row)
                  )}
                </LedgerCell>
              ))}
            </div>
          );
        })}
      </div>
      {isLoadingMore && <p className="ledger-more soft">Reading on…</p>}
    </div>
  );
}

function LedgerCell<Row>({ column, children }: { column: Column<Row>; children: ReactNode }) {
  const place = `cell phone-${column.phone ?? "line"}${column.align === "end" ? " end figures" : ""}`;
  return (
    <div role="cell" className={place} data-head={column.head}>
      {children}
    </div>
  );
}
