import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";

import type { ToolRun } from "#/client/nouns";
import { Badge } from "#/elements/Badge";
import { FigureRow } from "#/elements/FigureRow";
import { Json } from "#/elements/Json";
import { Loading } from "#/elements/Loading";
import { bytes, duration, whole } from "#/elements/numbers";
import { Tabs } from "#/elements/Tabs";
import { toneOfOutcome } from "#/elements/tone";
import type { LogLine } from "#/features/deliveries/AttemptSaid";
import { LogLines } from "#/features/deliveries/AttemptSaid";
import { Calls } from "#/features/deliveries/TranscriptView";

import { surfaceOf } from "./run";

/** What draws pages is larger than the rest of the page of a plugin: it comes when there is one. */
const RunSurface = lazy(() => import("./RunSurface").then((found) => ({ default: found.RunSurface })));

type Tab = "surface" | "output" | "logs" | "calls";

/** What came of a run: how it ended, what it took, what was said. */
export function RunVerdict({ run }: { run: ToolRun }) {
  const frame = useRef<HTMLElement>(null);
  const surface = surfaceOf(run);
  const [tab, setTab] = useState<Tab>(surface === undefined ? "output" : "surface");
  useEffect(() => {
    frame.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section ref={frame} className="run-verdict" aria-label="What came of it">
      <div className="row" role="status">
        <Badge tone={toneOfOutcome(run.outcome)}>{run.outcome.replaceAll("_", " ")}</Badge>
        {run.message !== "" && <strong>{run.message}</strong>}
        <Link to="/timeline/$position" params={{ position: String(run.position) }}>
          event {run.position}
        </Link>
      </div>
      <FigureRow
        figures={[
          ["Took", duration(run.duration_us)],
          ["Fuel", whole(run.fuel_units)],
          ["Memory", bytes(run.memory_bytes_peak)],
          ["Exit code", run.exit_code === null ? "–" : String(run.exit_code)],
        ]}
      />
      <Tabs
        label="What was said"
        tabs={[
          ...(surface === undefined ? [] : [{ key: "surface" as const, title: "Page" }]),
          { key: "output", title: "Output" },
          { key: "logs", title: "Logs", note: run.logs.length },
          { key: "calls", title: "Host calls", note: run.calls.length },
        ]}
        chosen={tab}
        onChoose={setTab}
      >
        {tab === "surface" && surface !== undefined && (
          <Suspense fallback={<Loading lines={4} />}>
            <RunSurface run={run} surface={surface} />
          </Suspense>
        )}
        {tab === "output" && (run.output === null ? <p className="soft">There is no output.</p> : <Json value={run.output} label="output" />)}
        {tab === "logs" && (run.logs.length === 0 ? <p className="soft">It logged nothing.</p> : <LogLines lines={linesOf(run)} />)}
        {tab === "calls" && <Calls transcript={run.calls.length === 0 ? null : run.calls} />}
      </Tabs>
    </section>
  );
}

function linesOf(run: ToolRun): LogLine[] {
  return run.logs.map((line) => ({ level: line["level"] ?? "info", text: line["text"] ?? "" }));
}
