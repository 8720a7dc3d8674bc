import { getRouteApi, Link } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import type { Hook } from "#/client/nouns";
import { useAnswer, useListing } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { ChangeButton } from "#/elements/ChangeButton";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { Facts } from "#/elements/Facts";
import { Loading } from "#/elements/Loading";
import { Moment } from "#/elements/Moment";
import { Panel } from "#/elements/Panel";
import { SubjectHistory } from "#/elements/SubjectHistory";
import { commandOf } from "#/elements/shell-words";
import { DeliveryLedger } from "#/features/deliveries/DeliveryLedger";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { HookActions } from "./HookActions";
import { HookFigures } from "./HookFigures";
import { HookState } from "./HooksPage";

const route = getRouteApi("/shell/hooks/$hookId");

/** Deliveries that are shown; the page of deliveries has all. */
const SHOWN = 25;

/** One hook: what it waits for, what it runs, and what came of that. */
export function HookPage() {
  const { hookId } = route.useParams();
  const at = useAt();
  const query = useAnswer("hooks.list", { query: at === undefined ? {} : { at } });
  const head = <PageHead title={hookId} trail={<Link to="/hooks">Hooks</Link>} />;
  return (
    <Answer query={query} head={head}>
      {({ items }) => {
        const hook = items.find((each) => each.hook_id === hookId);
        return hook === undefined ? (
          <>
            {head}
            <EmptyState title={`There is no hook ${hookId}`} command="palyra hook list">
              It was never bound, or is bound no more. What it did is in the timeline.
            </EmptyState>
          </>
        ) : (
          <Detail hook={hook} />
        );
      }}
    </Answer>
  );
}

function Detail({ hook }: { hook: Hook }) {
  const id = hook.hook_id;
  return (
    <>
      <PageHead
        title={id}
        beside={<HookState hook={hook} />}
        trail={<Link to="/hooks">Hooks</Link>}
        about={
          <>
            On <code>{hook.event_kind}</code> it runs{" "}
            <Link to="/plugins/$pluginId" params={{ pluginId: hook.plugin_id }}>
              {hook.plugin_id}
            </Link>
            .
          </>
        }
        actions={
          <>
            <CopyAs command={commandOf("hook list -o json")} address={addressOf("hooks.list")} />
            <HookActions hook={hook} />
            <Standing hook={hook} />
          </>
        }
      />
      <HookFigures hookId={id} />
      <div className="columns main-side">
        <Deliveries hookId={id} />
        <div className="stack">
          <Panel title="How it is bound">
            <Facts
              facts={[
                ["Event", <code key="event">{hook.event_kind}</code>],
                ["Attempts", `at most ${hook.attempts_max}`],
                ["Order", `one after another by ${hook.ordering}`],
                hook.event_kind.startsWith("run:") ? ["On failure", hook.on_failure] : null,
                ["Bound", <Moment key="bound" at={hook.bound_at} as="both" />],
                ["In force", `from position ${hook.valid_from}`],
              ]}
            />
          </Panel>
          <SubjectHistory kind="hook" id={id} />
        </div>
      </div>
    </>
  );
}

function Standing({ hook }: { hook: Hook }) {
  const id = hook.hook_id;
  const path = { hook_id: id };
  return hook.is_enabled ? (
    <ChangeButton
      change={{
        operation: "hooks.disable",
        verb: "Disable",
        title: `Disable ${id}`,
        about: "It reacts to nothing from now on. What is scheduled already is still carried out.",
        done: `${id} is disabled.`,
        told: (reason) => ({ path, body: { reason } }),
        command: (reason) => commandOf(`hook disable ${id}`, { reason }),
      }}
    />
  ) : (
    <ChangeButton
      kind="primary"
      change={{
        operation: "hooks.enable",
        verb: "Enable",
        title: `Enable ${id}`,
        about: "It reacts again to what happens from now on.",
        done: `${id} is enabled.`,
        told: (reason) => ({ path, body: { reason } }),
        command: (reason) => commandOf(`hook enable ${id}`, { reason }),
      }}
    />
  );
}

function Deliveries({ hookId }: { hookId: string }) {
  const at = useAt();
  const query = { hook_id: hookId, newest_first: true, limit: SHOWN, ...(at && { at }) };
  const listing = useListing("deliveries.list", query, undefined, { isPart: true });
  return (
    <Panel
      title="Deliveries"
      actions={
        <Link to="/deliveries" search={{ hook: hookId }}>
          All of them
        </Link>
      }
      flush
    >
      {listing.isPending ? (
        <Loading />
      ) : listing.rows.length === 0 ? (
        <EmptyState title="Nothing has happened that it waits for" />
      ) : (
        <DeliveryLedger rows={listing.rows.slice(0, SHOWN)} narrow />
      )}
    </Panel>
  );
}
