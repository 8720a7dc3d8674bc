import { useState } from "react";

import { useChange } from "#/client/change";
import type { Hook, Plugin } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Dialog } from "#/elements/Dialog";
import { EmptyState } from "#/elements/EmptyState";
import { Field } from "#/elements/Field";
import { FormDialog } from "#/elements/FormDialog";
import { nameProblem } from "#/elements/identifiers";
import { NameField } from "#/elements/NameField";

import { HookOptions } from "./HookOptions";
import { KindField } from "./KindField";
import { attemptsProblem, bodyOf, hookCommand, type HookWish, wishOf } from "./wish";

/** Which field an error of the gateway is about. */
const FIELDS = {
  INVALID_IDENTIFIER: "name",
  UNKNOWN_HOOK_EVENT: "kind",
  TOO_MANY_HOOKS: "kind",
  UNKNOWN_PLUGIN: "plugin",
  ATTEMPTS_OUT_OF_RANGE: "attempts",
  UNKNOWN_ORDERING: "ordering",
  UNKNOWN_FAILURE_RULE: "rule",
} as const;

interface Props {
  /** The hook that is changed; without one, another is bound. */
  hook?: Hook;
  /** The plugin that it is to run, where that is known. */
  plugin?: string;
  onClose: () => void;
  /** Told the name of what was bound. */
  onBound?: (name: string) => void;
}

/** Binds a hook, or changes what it does from now on. */
export function HookDialog(props: Props) {
  const plugins = useAnswer("plugins.list", {});
  const hooks = useAnswer("hooks.list", {});
  if (plugins.data !== undefined && hooks.data !== undefined && plugins.data.items.length > 0) {
    return <HookForm {...props} plugins={plugins.data.items} hooks={hooks.data.items} />;
  }
  return (
    <Dialog title="Bind a hook" onClose={props.onClose}>
      <Answer query={plugins}>
        {({ items }) =>
          items.length > 0 ? (
            <Answer query={hooks}>{() => null}</Answer>
          ) : (
            <EmptyState title="There is no plugin yet" command="palyra plugin bind NAME --skill SKILL">
              A hook runs a plugin. Bind one first, on the page of its skill.
            </EmptyState>
          )
        }
      </Answer>
    </Dialog>
  );
}

type FormProps = Props & { plugins: readonly Plugin[]; hooks: readonly Hook[] };

function HookForm({ hook, plugin, plugins, hooks, onClose, onBound }: FormProps) {
  const [wish, setWish] = useState(() => wishOf(hook, plugin));
  const send = useChange();
  const set = (changed: Partial<HookWish>) => setWish((before) => ({ ...before, ...changed }));
  const taken = hook === undefined ? hooks.find((each) => each.hook_id === wish.name) : undefined;
  const wrong = nameProblem(wish.name) ?? attemptsProblem(wish.attempts);
  const verb = hook === undefined ? (taken === undefined ? "Bind" : "Bind anew") : "Change";
  const bind = async (reason: string | null) => {
    const done = hook === undefined ? `${wish.name} is bound.` : `${wish.name} is changed.`;
    await send("hooks.bind", { path: { hook_id: wish.name }, body: bodyOf(wish, reason) }, done);
    onClose();
    onBound?.(wish.name);
  };
  return (
    <FormDialog
      title={hook === undefined ? "Bind a hook" : `Change ${wish.name}`}
      verb={verb}
      fields={FIELDS}
      isReady={wish.name !== "" && wish.plugin !== "" && wrong === undefined}
      command={(reason) => hookCommand(wish, reason)}
      onSend={bind}
      onClose={onClose}
    >
      {(problemAt) => (
        <>
          {hook === undefined && (
            <NameField
              value={wish.name}
              hint="How it is called from now on."
              placeholder="greet"
              problem={problemAt("name")}
              onChange={(name) => set({ name })}
            />
          )}
          {taken !== undefined && <Taken hook={taken} />}
          <KindField kind={wish.kind} onChange={(kind) => set({ kind })} problem={problemAt("kind")} isFirst={hook !== undefined} />
          <PluginField plugins={plugins} chosen={wish.plugin} problem={problemAt("plugin")} onChange={(chosen) => set({ plugin: chosen })} />
          <HookOptions wish={wish} onChange={set} problemAt={problemAt} />
        </>
      )}
    </FormDialog>
  );
}

/** What the name stands for already. */
function Taken({ hook }: { hook: Hook }) {
  return (
    <p className="notice warn" role="status">
      <code>{hook.hook_id}</code> is bound already: on <code>{hook.event_kind}</code> it runs <code>{hook.plugin_id}</code>. This replaces it.
    </p>
  );
}

interface PluginFieldProps {
  plugins: readonly Plugin[];
  chosen: string;
  problem: string | undefined;
  onChange: (plugin: string) => void;
}

function PluginField({ plugins, chosen, problem, onChange }: PluginFieldProps) {
  const hint = <Runs plugin={plugins.find((each) => each.plugin_id === chosen)} />;
  return (
    <Field label="Plugin that runs then" problem={problem} hint={hint} isRequired>
      {(ties) => (
        <select {...ties} value={chosen} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose one</option>
          {plugins.map((each) => (
            <option key={each.plugin_id}>{each.plugin_id}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Runs({ plugin }: { plugin: Plugin | undefined }) {
  if (plugin === undefined) return "What a plugin may do, it may do for every hook that runs it.";
  return (
    <>
      Runs <code>{plugin.module_path}</code> of <code>{plugin.skill_id}</code>
      {plugin.is_enabled ? "." : ", and is disabled: its deliveries are skipped."}
    </>
  );
}
