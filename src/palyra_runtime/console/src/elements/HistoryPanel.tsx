import { Link } from "@tanstack/react-router";

import type { ReactNode } from "react";

import type { AuditEntry } from "#/client/nouns";
import { Moment } from "./Moment";
import { Panel } from "./Panel";
import { shownSubject } from "./shown-id";

/** An event in words; what has a history of its own leaves out what all of it is about. */
type Entry = Pick<AuditEntry, "position" | "timestamp" | "actor" | "summary" | "reason"> &
  Partial<Pick<AuditEntry, "subject_kind" | "subject_id" | "is_reason_erased">> & { error?: string | null };

interface Props {
  title: string;
  entries: readonly Entry[];
  /** Whether each entry names what it is about. */
  withSubject?: boolean;
  actions?: ReactNode;
}

/** Events in words, the newest first, along a line. */
export function HistoryPanel({ title, entries, withSubject = false, actions }: Props) {
  return (
    <Panel title={title} note={actions === undefined && entries.length > 0 ? entries.length : undefined} actions={actions}>
      <ol className="course">
        {[...entries].reverse().map((entry) => (
          <li key={entry.position}>
            <Link to="/timeline/$position" params={{ position: String(entry.position) }} className="course-words">
              {withSubject && <strong>{shownSubject(entry)} </strong>}
              {entry.summary}
            </Link>
            {entry.error != null && entry.error !== "" && <span className="soft">{entry.error}</span>}
            {entry.reason !== null && <q className="course-reason">{entry.reason}</q>}
            {entry.is_reason_erased === true && <em className="faint">The reason was erased.</em>}
            <span className="course-foot">
              {entry.actor} · <Moment at={entry.timestamp} /> · <span className="mono">{entry.position}</span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
