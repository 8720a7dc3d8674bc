import { useState } from "react";

import type { Plugin, ToolRun } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Dialog } from "#/elements/Dialog";
import { EmptyState } from "#/elements/EmptyState";

import { RunForm } from "./RunForm";
import { RunVerdict } from "./RunVerdict";

/** Runs a plugin as an agent would, and shows what came of it; the input stays for another run. */
export function RunDialog({ plugin, onClose }: { plugin: Plugin; onClose: () => void }) {
  const [run, setRun] = useState<ToolRun | null>(null);
  const query = useAnswer("verification.inspect", { path: { skill_id: plugin.skill_id } });
  return (
    <Dialog title={`Run ${plugin.plugin_id}`} onClose={onClose} wide lasting>
      <div className="stack">
        <Answer query={query} lines={4}>
          {(inspection) =>
            inspection.tools.length === 0 ? (
              <EmptyState title="It offers no tool">Hooks can run it, and agents cannot.</EmptyState>
            ) : (
              <RunForm plugin={plugin} inspection={inspection} onDone={setRun} onClose={onClose} />
            )
          }
        </Answer>
        {run !== null && <RunVerdict key={run.invocation_id} run={run} />}
      </div>
    </Dialog>
  );
}
