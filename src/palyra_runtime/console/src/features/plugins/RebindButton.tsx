import type { Profile } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { ChangeButton } from "#/elements/ChangeButton";
import { commandOf } from "#/elements/shell-words";

import { GrantChanges } from "./GrantChanges";

/** Lets a plugin run the module that its skill has now, after it was shown what that changes. */
export function RebindButton({ pluginId: id, held }: { pluginId: string; held: Profile }) {
  return (
    <ChangeButton
      kind="primary"
      change={{
        operation: "plugins.rebind",
        verb: "Bind anew",
        title: `Bind ${id} anew`,
        about: <RebindPlan pluginId={id} held={held} />,
        done: `${id} runs the module that its skill has now.`,
        // The dialog has shown what changes, so pressing its button agrees to that.
        told: (reason) => ({ path: { plugin_id: id }, body: { reason, agreed: true } }),
        command: (reason) => commandOf(`plugin rebind ${id}`, { yes: true, reason }),
      }}
    />
  );
}

function RebindPlan({ pluginId, held }: { pluginId: string; held: Profile }) {
  const query = useAnswer("plugins.plan_rebind", { path: { plugin_id: pluginId }, body: {} });
  return (
    <div className="stack tight">
      <p>It runs the module that the skill has now, with the grants that it has. What the release does not declare is dropped.</p>
      <Answer query={query} lines={2}>
        {(change) =>
          change == null ? (
            <p>Nothing else would change.</p>
          ) : (
            <>
              <p>
                The module is that of {change.skill_id} {change.version}.
              </p>
              <GrantChanges before={held} after={change.plugins[0]?.entitlement.granted ?? held} />
            </>
          )
        }
      </Answer>
    </div>
  );
}
