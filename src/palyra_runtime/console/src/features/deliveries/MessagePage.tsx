import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { addressOf } from "#/client/ask";
import type { MessageDetail } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { StateBadge } from "#/elements/Badge";
import { ChangeButton } from "#/elements/ChangeButton";
import { Digest } from "#/elements/Copy";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { Facts } from "#/elements/Facts";
import { HistoryPanel } from "#/elements/HistoryPanel";
import { Json } from "#/elements/Json";
import { Moment } from "#/elements/Moment";
import { bytes, whole } from "#/elements/numbers";
import { Panel } from "#/elements/Panel";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { messageCoursesOf } from "./outbox";

const route = getRouteApi("/shell/deliveries/outbox/$messageId");

const STANDINGS: Readonly<Record<MessageDetail["state"], ReactNode>> = {
  waiting: "It waits for its first try, or for a channel of this name in the gateway's settings.",
  retrying: "It was not taken, and is tried again.",
  dead: "It was given up: it is not sent until somebody says so.",
  sent: "Its receiver has taken it.",
  discarded: "Somebody has put it away: it is not sent.",
};

/** One message: what it says, how each try went, and what can be done. */
export function MessagePage() {
  const { messageId } = route.useParams();
  const at = useAt();
  const query = useAnswer("messages.show", { path: { message_id: messageId }, query: at === undefined ? {} : { at } });
  return (
    <Answer query={query} lines={10} head={<PageHead title={messageId} trail={<Trail />} />}>
      {(detail) => <Detail detail={detail} />}
    </Answer>
  );
}

function Trail() {
  return (
    <>
      <Link to="/deliveries">Deliveries</Link> / <Link to="/deliveries/outbox">Outbox</Link>
    </>
  );
}

function Detail({ detail }: { detail: MessageDetail }) {
  return (
    <>
      <PageHead
        title={detail.message_id}
        beside={<StateBadge state={detail.state} />}
        trail={<Trail />}
        about={STANDINGS[detail.state]}
        actions={<Actions detail={detail} />}
      />
      <div className="columns main-side">
        <Panel title="What it says" note={bytes(detail.size)}>
          {detail.is_erased ? (
            <EmptyState title="It was erased, or is kept no longer">What is left is that it was, and its digest.</EmptyState>
          ) : (
            <Json value={detail.content} label="message" />
          )}
        </Panel>
        <div className="stack">
          <MessageFacts detail={detail} />
          {detail.history.length > 0 && <HistoryPanel title="What happened" entries={detail.history} />}
        </div>
      </div>
    </>
  );
}

function MessageFacts({ detail }: { detail: MessageDetail }) {
  return (
    <Panel title="About it">
      <Facts
        facts={[
          ["Channel", detail.channel],
          ["Plugin", <Link key="plugin" to="/plugins/$pluginId" params={{ pluginId: detail.plugin_id }}>{detail.plugin_id}</Link>],
          ["Came of", <Link key="event" to="/timeline/$position" params={{ position: String(detail.position) }}>event {detail.position}</Link>],
          ["Tries", whole(detail.attempts)],
          detail.retry_at === null ? null : ["Next try", <Moment key="retry" at={detail.retry_at} as="both" />],
          ["Created", <Moment key="created" at={detail.created_at} as="both" />],
          ["Digest", <Digest key="digest" value={detail.sha256} label="digest" />],
        ]}
      />
    </Panel>
  );
}

function Actions({ detail }: { detail: MessageDetail }) {
  const id = detail.message_id;
  return (
    <>
      <CopyAs command={commandOf(`outbox show ${id}`)} address={addressOf("messages.show", { message_id: id })} />
      {messageCoursesOf(detail.state).map((course, index) => (
        <ChangeButton
          key={course.action}
          kind={index === 0 && !course.danger ? "primary" : "plain"}
          change={{
            operation: `messages.${course.action}`,
            verb: course.verb,
            title: `${course.verb}: ${id}`,
            about: course.about,
            done: `${id} ${course.done}`,
            danger: course.danger,
            needsReason: course.needsReason,
            told: (reason) => ({ path: { message_id: id }, body: { reason: reason ?? "" } }),
            command: (reason) => commandOf(`outbox ${course.action} ${id}`, { reason }),
          }}
        />
      ))}
    </>
  );
}
