import type { Plugin } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { ChangeButton } from "#/elements/ChangeButton";
import { OpenButton } from "#/elements/OpenButton";
import { commandOf } from "#/elements/shell-words";

import { RunDialog } from "./RunDialog";

/** Runs a plugin now. */
export function RunButton({ plugin }: { plugin: Plugin }) {
  return (
    <OpenButton operation="plugins.run" verb="Run" kind="primary">
      {(close) => <RunDialog plugin={plugin} onClose={close} />}
    </OpenButton>
  );
}

/** Takes the name of a plugin away. */
export function UnbindPluginButton({ pluginId: id }: { pluginId: string }) {
  return (
    <ChangeButton
      change={{
        operation: "plugins.unbind",
        verb: "Unbind",
        title: `Unbind ${id}`,
        about: <UnbindPlan pluginId={id} />,
        done: `${id} is unbound.`,
        danger: true,
        told: (reason) => ({ path: { plugin_id: id }, body: { reason } }),
        command: (reason) => commandOf(`plugin unbind ${id}`, { reason }),
      }}
    />
  );
}

/** What goes with the name, and what stands in the way. */
function UnbindPlan({ pluginId }: { pluginId: string }) {
  const query = useAnswer("hooks.list", {});
  return (
    <div className="stack tight">
      <p>Its name is free again, and its grants are gone. What it has stored stays, for whatever is bound under that name next.</p>
      <Answer query={query} lines={1}>
        {({ items }) => {
          const hooks = items.filter((each) => each.plugin_id === pluginId).map((each) => each.hook_id);
          return hooks.length === 0 ? null : <p className="notice warn">While hooks run it, this is refused: {hooks.join(", ")}.</p>;
        }}
      </Answer>
    </div>
  );
}
