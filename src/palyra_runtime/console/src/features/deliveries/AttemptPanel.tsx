import { getRouteApi, useNavigate } from "@tanstack/react-router";

import type { Attempt, DeliveryDetail } from "#/client/nouns";
import { Badge } from "#/elements/Badge";
import { EmptyState } from "#/elements/EmptyState";
import { Panel } from "#/elements/Panel";
import { Tabs } from "#/elements/Tabs";
import { toneOfOutcome } from "#/elements/tone";

import { AttemptFigures } from "./AttemptFigures";
import { AttemptInput, AttemptLogs, AttemptOutput, lengthOf } from "./AttemptSaid";
import { TranscriptView } from "./TranscriptView";

const route = getRouteApi("/shell/deliveries/$deliveryId");

type Tab = "output" | "logs" | "calls" | "input";
const TABS: readonly Tab[] = ["output", "logs", "calls", "input"];

/** The attempts of a delivery; the newest is shown, until another is chosen. */
export function AttemptPanel({ detail }: { detail: DeliveryDetail }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/deliveries/$deliveryId" });
  const { attempts } = detail;
  const chosen = attempts.find((each) => String(each.attempt) === search.attempt) ?? attempts.at(-1);
  const tab = TABS.find((each) => each === search.tab) ?? "output";
  const go = (changed: { attempt?: string; tab?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true, resetScroll: false });
  if (chosen === undefined) {
    return (
      <Panel title="Attempts">
        <EmptyState title="No attempt was made" command={`palyra delivery show ${detail.delivery.delivery_id}`}>
          {detail.why}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel title="Attempts" note={attempts.length} flush>
      <AttemptChooser attempts={attempts} chosen={chosen} onChoose={(attempt) => go({ attempt: String(attempt) })} />
      <AttemptFigures attempt={chosen} />
      <Tabs
        label="What was said"
        tabs={[
          { key: "output", title: "Output" },
          { key: "logs", title: "Logs", note: lengthOf(chosen.logs) },
          { key: "calls", title: "Host calls" },
          { key: "input", title: "Input" },
        ]}
        chosen={tab}
        onChoose={(key) => go({ tab: key })}
      >
        {tab === "output" && <AttemptOutput attempt={chosen} />}
        {tab === "logs" && <AttemptLogs attempt={chosen} />}
        {tab === "calls" && <TranscriptView deliveryId={chosen.delivery_id} attempt={chosen.attempt} />}
        {tab === "input" && <AttemptInput attempt={chosen} />}
      </Tabs>
    </Panel>
  );
}

interface ChooserProps {
  attempts: readonly Attempt[];
  chosen: Attempt;
  onChoose: (attempt: number) => void;
}

function AttemptChooser({ attempts, chosen, onChoose }: ChooserProps) {
  return (
    <ol className="attempts" aria-label="Attempts">
      {attempts.map((each) => (
        <li key={each.attempt}>
          <button
            type="button"
            className="attempt"
            aria-pressed={each === chosen}
            onClick={() => onChoose(each.attempt)}
          >
            <span className="attempt-number figures">
              {each.attempt}
              {each.round > 1 && <small> · round {each.round}</small>}
            </span>
            <Badge tone={toneOfOutcome(each.outcome)}>{each.outcome}</Badge>
          </button>
        </li>
      ))}
    </ol>
  );
}
