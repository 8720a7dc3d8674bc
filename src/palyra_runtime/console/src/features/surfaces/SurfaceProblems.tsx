import { Link } from "@tanstack/react-router";

import type { SurfaceDetail } from "#/client/nouns";
import { Panel } from "#/elements/Panel";

/** What was mended on the way to the page, and what could not be shown at all. */
export function SurfaceProblems({ detail }: { detail: SurfaceDetail }) {
  const { problems, refused } = detail;
  if (problems.length + refused.length === 0) return null;
  return (
    <Panel title="Not as the plugin wrote it" note={problems.length + refused.length}>
      <ul className="problems">
        {problems.map((problem, index) => (
          <li key={index}>
            {problem.message} <code className="faint">{problem.path || "/"}</code>
          </li>
        ))}
        {refused.map((problem) => (
          <li key={problem.position}>
            Refused: {problem.message}{" "}
            <Link to="/timeline/$position" params={{ position: String(problem.position) }}>
              event {problem.position}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
