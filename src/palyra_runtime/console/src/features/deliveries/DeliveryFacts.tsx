import { Link } from "@tanstack/react-router";

import type { DeliveryDetail } from "#/client/nouns";
import { Facts } from "#/elements/Facts";
import { Moment } from "#/elements/Moment";
import { Panel } from "#/elements/Panel";

import { skipWords } from "./skip-words";

/** What a delivery belongs to. */
export function DeliveryFacts({ detail: { delivery, ahead, under_way: underWay } }: { detail: DeliveryDetail }) {
  return (
    <Panel title="About it">
      <Facts
        facts={[
          [
            "Event",
            <Link key="event" to="/timeline/$position" params={{ position: String(delivery.event_position) }}>
              {delivery.event_kind} at {delivery.event_position}
            </Link>,
          ],
          ["Hook", <Link key="hook" to="/hooks/$hookId" params={{ hookId: delivery.hook_id }}>{delivery.hook_id}</Link>],
          ["Plugin", <Link key="plugin" to="/plugins/$pluginId" params={{ pluginId: delivery.plugin_id }}>{delivery.plugin_id}</Link>],
          ["Order", <code key="order">{delivery.ordering_key}</code>],
          ["Round", `${delivery.round}, up to ${delivery.attempts_max} attempts`],
          underWay === null ? null : ["Under way", `attempt ${underWay}`],
          delivery.retry_at === null ? null : ["Next attempt", <Moment key="retry" at={delivery.retry_at} as="both" />],
          delivery.cause === null ? null : ["Because", skipWords(delivery.cause)],
          ahead.length === 0 ? null : ["Waits behind", <Ahead key="ahead" ids={ahead} />],
          ["Scheduled", <Moment key="scheduled" at={delivery.scheduled_at} as="both" />],
          ["Changed", <Moment key="changed" at={delivery.changed_at} as="both" />],
        ]}
      />
    </Panel>
  );
}

function Ahead({ ids }: { ids: readonly string[] }) {
  return (
    <ul>
      {ids.map((id) => (
        <li key={id}>
          <Link to="/deliveries/$deliveryId" params={{ deliveryId: id }}>
            {id}
          </Link>
        </li>
      ))}
    </ul>
  );
}
