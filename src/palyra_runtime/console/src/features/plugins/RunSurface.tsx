import { Link } from "@tanstack/react-router";

import { A2uiRenderer } from "#/a2ui/A2uiRenderer";
import type { A2uiDocument } from "#/a2ui/types";
import type { ToolRun } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";

/** The page as it is by this run, normalised by the gateway; what the guest wrote stands in the output. */
export function RunSurface({ run, surface }: { run: ToolRun; surface: string }) {
  const query = useAnswer("surfaces.show", { path: { surface }, query: { at: String(run.position) } });
  return (
    <div className="stack">
      <Answer query={query} lines={4}>
        {({ document, row }) => (
          <div className="a2ui-frame">
            <div className="a2ui-owner" aria-hidden="true">
              {row.plugin_id} · v{row.version}
            </div>
            <A2uiRenderer document={document as unknown as A2uiDocument} />
          </div>
        )}
      </Answer>
      <p className="soft">
        Forms are sent off on its own page:{" "}
        <Link to="/surfaces/$surface" params={{ surface }}>
          {surface}
        </Link>
      </p>
    </div>
  );
}
