import { Link } from "@tanstack/react-router";

import { useAnswer } from "#/client/queries";
import { Panel } from "#/elements/Panel";

/** Events that a view went on without, with the reason of each. */
export function DeadLetters({ name }: { name: string }) {
  const { data } = useAnswer("projections.dead_letters", {});
  const letters = data?.items.filter((each) => each.name === name) ?? [];
  if (letters.length === 0) return null;
  return (
    <Panel title="Went on without" note={letters.length}>
      <ul className="problems">
        {letters.map((letter) => (
          <li key={letter.position}>
            <Link to="/timeline/$position" params={{ position: String(letter.position) }}>
              event {letter.position}
            </Link>{" "}
            <code>{letter.error}</code>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
