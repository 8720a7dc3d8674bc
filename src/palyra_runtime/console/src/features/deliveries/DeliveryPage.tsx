import { getRouteApi, Link } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import type { Delivery, DeliveryDetail } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { StateBadge } from "#/elements/Badge";
import { ChangeButton } from "#/elements/ChangeButton";
import { CopyAs } from "#/elements/CopyAs";
import { Prose } from "#/elements/Prose";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";

import { AttemptPanel } from "./AttemptPanel";
import { coursesOf } from "./course";
import { DeliveryFacts } from "./DeliveryFacts";
import { HistoryPanel } from "#/elements/HistoryPanel";

const route = getRouteApi("/shell/deliveries/$deliveryId");

/** One delivery: why it stands as it does, each attempt with all that was said, and what can be done. */
export function DeliveryPage() {
  const { deliveryId } = route.useParams();
  const query = useAnswer("deliveries.show", { path: { delivery_id: deliveryId } });
  return (
    <Answer query={query} lines={10} head={<PageHead title={deliveryId} trail={<Link to="/deliveries">Deliveries</Link>} />}>
      {(detail) => <Detail detail={detail} />}
    </Answer>
  );
}

function Detail({ detail }: { detail: DeliveryDetail }) {
  const { delivery } = detail;
  return (
    <>
      <PageHead
        title={delivery.delivery_id}
        beside={<StateBadge state={delivery.state} />}
        trail={<Link to="/deliveries">Deliveries</Link>}
        about={<Prose text={detail.why} />}
        actions={<Actions delivery={delivery} />}
      />
      <div className="columns main-side">
        <div className="stack">
          <AttemptPanel detail={detail} />
        </div>
        <div className="stack">
          <DeliveryFacts detail={detail} />
          <HistoryPanel title="What happened" entries={detail.history} />
        </div>
      </div>
    </>
  );
}

function Actions({ delivery }: { delivery: Delivery }) {
  const id = delivery.delivery_id;
  return (
    <>
      <CopyAs command={commandOf(`delivery show ${id}`)} address={addressOf("deliveries.show", { delivery_id: id })} />
      {coursesOf(delivery.state).map((course, index) => (
        <ChangeButton
          key={course.action}
          kind={index === 0 && !course.danger ? "primary" : "plain"}
          {...(course.action === "redeliver" ? { shortcut: "r" } : {})}
          change={{
            operation: `deliveries.${course.action}`,
            verb: course.verb,
            title: `${course.verb}: ${id}`,
            about: course.about,
            done: `${id} ${course.done}`,
            danger: course.danger,
            needsReason: course.needsReason,
            told: (reason) => ({ path: { delivery_id: id }, body: { reason: reason ?? "" } }),
            command: (reason) => commandOf(`delivery ${course.action} ${id}`, { reason }),
          }}
        />
      ))}
    </>
  );
}
