import { Link } from "@tanstack/react-router";

import type { ReactNode } from "react";

import type { AuditEntry } from "#/client/nouns";
import { Moment } from "./Moment";
import { Panel } from "./Panel";
import { shownId } from "./shown-id";

interface Props {
  title: string;
  entries: readonly AuditEntry[];
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
              {withSubject && <strong>{shownId(entry.subject_id)} </strong>}
              {entry.summary}
            </Link>
            {entry.reason !== null && <q className="course-reason">{entry.reason}</q>}
            {entry.is_reason_erased && <em className="faint">The reason was erased.</em>}
            <span className="course-foot">
              {entry.actor} · <Moment at={entry.timestamp} /> · <span className="mono">{entry.position}</span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
