import { Link, type LinkProps } from "@tanstack/react-router";

import { useAnswer } from "#/client/queries";
import { Badge } from "#/elements/Badge";
import { Panel } from "#/elements/Panel";
import type { Tone } from "#/elements/tone";

interface Matter {
  key: string;
  tone: Tone;
  kind: string;
  /** What it is about, where that has a name. */
  name?: string;
  words: string;
  open: LinkProps;
}

/** Dead letters, and messages that were given up, that are named one by one. */
const DEAD_SHOWN = 6;

function useMatters(): { matters: readonly Matter[]; isKnown: boolean } {
  const dead = useAnswer("deliveries.list", { query: { states: ["dead"], newest_first: true, limit: DEAD_SHOWN } });
  const unsent = useAnswer("messages.list", { query: { state: "dead", limit: DEAD_SHOWN } });
  const skills = useAnswer("skills.list", {});
  const doctor = useAnswer("doctor.examine", {});
  const matters: Matter[] = [
    ...(dead.data?.items ?? []).map((each) => ({
      key: each.delivery_id,
      tone: "bad" as const,
      kind: "dead",
      name: each.delivery_id,
      words: each.message || each.outcome || "It was given up.",
      open: { to: "/deliveries/$deliveryId", params: { deliveryId: each.delivery_id } } satisfies LinkProps,
    })),
    ...(unsent.data?.items ?? []).map((each) => ({
      key: each.message_id,
      tone: "bad" as const,
      kind: "unsent",
      name: each.message_id,
      words: `to ${each.channel}: ${each.error || each.outcome || "it was given up"}`,
      open: { to: "/deliveries/outbox/$messageId", params: { messageId: each.message_id } } satisfies LinkProps,
    })),
    ...(skills.data?.items ?? [])
      .filter((each) => each.state === "quarantined")
      .map((each) => ({
        key: `${each.skill_id} ${each.version}`,
        tone: "held" as const,
        kind: "quarantined",
        name: `${each.skill_id} ${each.version}`,
        words: each.quarantine_reasons[0] ?? "by a person; its history says why",
        open: { to: "/skills/$skillId", params: { skillId: each.skill_id }, search: { version: each.version } } satisfies LinkProps,
      })),
    ...(doctor.data?.items ?? [])
      .filter((each) => !["deliveries", "gateway", "outbox"].includes(each.check))
      .flatMap((each) =>
        each.findings.map((finding) => ({
          key: `${each.check} ${finding}`,
          tone: "warn" as const,
          kind: each.check,
          words: finding,
          open: { to: "/projections" } satisfies LinkProps,
        })),
      ),
  ];
  return { matters, isKnown: dead.data !== undefined && unsent.data !== undefined && skills.data !== undefined && doctor.data !== undefined };
}

/** What needs attention, the worst first. */
export function AttentionPanel() {
  const { matters, isKnown } = useMatters();
  if (!isKnown) return null;
  return (
    <Panel title="Needs attention" note={matters.length > 0 ? matters.length : undefined} flush>
      {matters.length === 0 ? (
        <p className="all-well">
          <Badge tone="good">all well</Badge> Nothing is dead, nothing is in quarantine, and the doctor finds nothing.
        </p>
      ) : (
        <ul className="matters">
          {matters.map((matter) => (
            <li key={matter.key}>
              <Link {...matter.open}>
                <Badge tone={matter.tone}>{matter.kind}</Badge>
                <span>
                  {matter.name !== undefined && <strong>{matter.name} </strong>}
                  {matter.words}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
