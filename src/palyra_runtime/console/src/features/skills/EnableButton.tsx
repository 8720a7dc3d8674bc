import type { Release } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { ChangeButton } from "#/elements/ChangeButton";
import { commandOf } from "#/elements/shell-words";

import { PowerChanges } from "./PowerChanges";

/** Lets a release run, after it was shown what that changes. */
export function EnableButton({ release }: { release: Release }) {
  const { skill_id: id, version, state } = release;
  const name = `${id} ${version}`;
  return (
    <ChangeButton
      kind={state === "quarantined" ? "plain" : "primary"}
      change={{
        operation: "skills.enable",
        verb: "Enable",
        title: `Enable ${name}`,
        about: <EnablePlan skillId={id} version={version} />,
        done: `${name} is enabled.`,
        // The dialog has shown what widens, so pressing its button agrees to that.
        told: (reason) => ({ path: { skill_id: id }, body: { version, reason, override: false, rebind: false, agreed: true } }),
        command: (reason) => commandOf(`skill enable ${id} ${version}`, { reason }),
      }}
    />
  );
}

/** What would change: powers that the release has more or less than the one that runs now. */
function EnablePlan({ skillId, version }: { skillId: string; version: string }) {
  const told = { path: { skill_id: skillId }, body: { version, override: false, rebind: false } };
  const query = useAnswer("skills.plan_enable", told);
  return (
    <div className="stack tight">
      <p>It is audited afresh first. If it passes, its plugins may run, and hooks on skill:enabled react.</p>
      <Answer query={query} lines={2}>
        {(change) =>
          change == null ? (
            <p>No plugin may do more than before.</p>
          ) : (
            <>
              <p>Compared with {change.previous ?? "nothing"}:</p>
              <PowerChanges more={change.declares_more} less={change.declares_less} />
            </>
          )
        }
      </Answer>
    </div>
  );
}
