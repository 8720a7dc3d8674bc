import { addressOf } from "#/client/ask";
import type { DeliveryFigures, Hook } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Badge } from "#/elements/Badge";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { type Column, Ledger } from "#/elements/Ledger";
import { Moment } from "#/elements/Moment";
import { duration, percent, whole } from "#/elements/numbers";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { BindHookButton } from "./HookActions";

type Row = Hook & { figures: DeliveryFigures | undefined };

const COLUMNS: ReadonlyArray<Column<Row>> = [
  {
    id: "hook",
    head: "Hook",
    track: "minmax(9rem, 1.3fr)",
    phone: "lead",
    cell: (row) => (
      <span className="two-line">
        <span className="clip">{row.hook_id}</span>
        <small>{row.event_kind}</small>
      </span>
    ),
  },
  { id: "state", head: "State", track: "7.5rem", phone: "side", cell: (row) => <HookState hook={row} /> },
  { id: "plugin", head: "Runs", track: "minmax(7rem, 1fr)", cell: (row) => <span className="clip">{row.plugin_id}</span> },
  {
    id: "deliveries",
    head: "Deliveries",
    track: "6rem",
    align: "end",
    phone: "hidden",
    cell: (row) => (row.figures === undefined ? <span className="faint">0</span> : whole(row.figures.deliveries)),
  },
  { id: "rate", head: "Succeeded", track: "6rem", align: "end", phone: "hidden", cell: (row) => <Rate figures={row.figures} /> },
  {
    id: "median",
    head: "Median",
    track: "5.5rem",
    align: "end",
    phone: "hidden",
    cell: (row) => (row.figures?.duration_us_p50 == null ? <span className="faint">–</span> : duration(row.figures.duration_us_p50)),
  },
  { id: "changed", head: "Changed", track: "6rem", align: "end", cell: (row) => <Moment at={row.changed_at} /> },
];

/** Whether a hook reacts. */
export function HookState({ hook }: { hook: Hook }) {
  return hook.is_enabled ? <Badge tone="good">enabled</Badge> : <Badge tone="plain">disabled</Badge>;
}

function Rate({ figures }: { figures: DeliveryFigures | undefined }) {
  if (figures?.success_rate == null) return <span className="faint">–</span>;
  return <span className={figures.success_rate < 1 ? "verdict-bad" : undefined}>{percent(figures.success_rate)}</span>;
}

/** All hooks, with what came of them. */
export function HooksPage() {
  const at = useAt();
  const query = useAnswer("hooks.list", { query: at === undefined ? {} : { at } });
  const figures = useAnswer("deliveries.stats", { query: { by: "hook" } });
  const byHook = new Map(figures.data?.items.map((each) => [each.key, each]));
  return (
    <>
      <PageHead
        title="Hooks"
        about="Which plugin runs when something happens. An event is decided by the hooks as they were when it happened."
        actions={
          <>
            <CopyAs command={commandOf("hook list", { at })} address={addressOf("hooks.list", {}, { at })} />
            <BindHookButton />
          </>
        }
      />
      <div className="panel">
        <Answer query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title="No hook is bound" command="palyra hook bind NAME --event skill:enabled --plugin PLUGIN">
                Say which plugin is to run when a skill is enabled, quarantined or disabled, or when the gateway starts.
              </EmptyState>
            ) : (
              <Ledger
                label="Hooks"
                rows={items.map((each) => ({ ...each, figures: byHook.get(each.hook_id) }))}
                columns={COLUMNS}
                rowKey={(row) => row.hook_id}
                open={(row) => ({ to: "/hooks/$hookId", params: { hookId: row.hook_id } })}
                rowHeight={52}
              />
            )
          }
        </Answer>
      </div>
    </>
  );
}
