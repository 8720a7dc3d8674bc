import { getRouteApi, Link } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import { useLive } from "#/client/live";
import type { AuditEntry, LogEvent } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Copy, Digest } from "#/elements/Copy";
import { CopyAs } from "#/elements/CopyAs";
import { Facts } from "#/elements/Facts";
import { HistoryPanel } from "#/elements/HistoryPanel";
import { Json } from "#/elements/Json";
import { Moment } from "#/elements/Moment";
import { Panel } from "#/elements/Panel";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";

import { subjectLink } from "./subject";

const route = getRouteApi("/shell/timeline/$position");

/** Events of one chain that are shown. */
const CHAIN_MAX = 200;

/** One event, whole, and the chain that it belongs to. */
export function EventPage() {
  const { position } = route.useParams();
  const number = Number(position);
  const event = useAnswer("events.show", { path: { position: number } });
  const entry = useAnswer("audit.log", { query: { after: Math.max(0, number - 1), limit: 1 } });
  return (
    <Answer query={event} lines={10} head={<PageHead title={`Event ${position}`} trail={<Link to="/timeline">Timeline</Link>} />}>
      {(value) => <Detail event={value} entry={entry.data?.items.find((each) => each.position === number)} />}
    </Answer>
  );
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function Detail({ event, entry }: { event: LogEvent; entry: AuditEntry | undefined }) {
  const name = event.topic.split("@")[0] ?? event.topic;
  const correlation = text(event.event["correlation_id"]);
  return (
    <>
      <PageHead
        title={name}
        beside={<span className="faint figures mono">position {event.position}</span>}
        trail={<Link to="/timeline">Timeline</Link>}
        about={entry && `${entry.subject_id} ${entry.summary}`}
        actions={
          <>
            <Step to={event.position - 1} words="Earlier" />
            <Step to={event.position + 1} words="Later" />
            <CopyAs
              command={commandOf(`event show ${event.position}`)}
              address={addressOf("events.show", { position: event.position })}
            />
          </>
        }
      />
      <div className="columns main-side side-first">
        <Panel title="As it stands in the log">
          <Json value={event.event} label="event" />
        </Panel>
        <div className="stack">
          <Panel title="About it">
            <Facts
              facts={[
                ["When", <Moment key="when" at={text(event.event["timestamp"])} as="both" />],
                ["By", text(event.event["actor"])],
                event.reason === null ? null : ["Why", <q key="why">{event.reason}</q>],
                entry === undefined ? null : ["About", <Link key="about" {...subjectLink(entry)}>{`${entry.subject_kind} ${entry.subject_id}`}</Link>],
                ["Cause", <Cause key="cause" causation={text(event.event["causation_id"])} />],
                ["Chain", <Chain key="chain" correlation={correlation} />],
                ["Stream", `version ${event.version}`],
                ["Leaf hash", <Digest key="leaf" value={event.leaf} label="leaf hash" />],
                [
                  "Proof",
                  <Link key="proof" to="/audit" search={{ tab: "proof", position: String(event.position) }}>
                    Prove it to somebody else
                  </Link>,
                ],
              ]}
            />
          </Panel>
          {correlation !== null && <ChainPanel correlation={correlation} />}
        </div>
      </div>
    </>
  );
}

function Step({ to, words }: { to: number; words: string }) {
  const { head } = useLive();
  return (
    <Link to="/timeline/$position" params={{ position: String(to) }} className="button" disabled={to < 1 || to > head}>
      {words}
    </Link>
  );
}

function Cause({ causation }: { causation: string | null }) {
  const position = causation?.match(/^position:(\d+)$/)?.[1];
  if (causation === null) return <span className="faint">a person, or the start of a program</span>;
  if (position === undefined) return <code>{causation}</code>;
  return (
    <Link to="/timeline/$position" params={{ position }}>
      event {position}
    </Link>
  );
}

function Chain({ correlation }: { correlation: string | null }) {
  if (correlation === null) return <span className="faint">none</span>;
  return (
    <span className="digest">
      <code title={correlation}>{correlation.slice(0, 12)}…</code>
      <Copy text={correlation} label="correlation id" />
    </span>
  );
}

/** All that came of the same beginning, in order. */
function ChainPanel({ correlation }: { correlation: string }) {
  const { data } = useAnswer("audit.log", { query: { grep: correlation, limit: CHAIN_MAX } });
  const entries = data?.items.filter((each) => each.correlation_id === correlation) ?? [];
  return entries.length < 2 ? null : <HistoryPanel title="The same chain" entries={entries} withSubject />;
}
