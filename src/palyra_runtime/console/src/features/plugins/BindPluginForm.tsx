import { useState } from "react";

import { useChange } from "#/client/change";
import type { Plugin } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Field } from "#/elements/Field";
import { FormDialog } from "#/elements/FormDialog";
import { nameProblem } from "#/elements/identifiers";
import { NameField } from "#/elements/NameField";
import { commandOf, quoted } from "#/elements/shell-words";

import { BindingPlan } from "./BindingPlan";
import { defaultModule, ModuleFields } from "./ModuleFields";
import type { GrantWish } from "./powers";
import { grantOptions, grantsBody, NOTHING } from "./powers";
import { PowerSwitches } from "./PowerSwitches";

/** Which field an error of the gateway is about; what was not granted is said at its switch. */
const FIELDS = {
  INVALID_IDENTIFIER: "name",
  UNKNOWN_SKILL: "skill",
  INVALID_MODULE_PATH: "module",
  UNKNOWN_MODULE: "module",
  AMBIGUOUS_MODULE: "module",
  UNKNOWN_ENTRYPOINT: "entrypoint",
  INVALID_ORIGIN: "hosts",
} as const;

interface Props {
  plugins: readonly Plugin[];
  /** The skills to choose from; a single one is chosen. */
  skills: readonly string[];
  onClose: () => void;
  onBound: (name: string) => void;
}

/** What somebody types; an empty module or entrypoint is the skill's own choice. */
interface Typed {
  name: string;
  skill: string;
  module: string;
  entrypoint: string;
  wish: GrantWish;
}

/** Asks what is to be bound, under which name, and with which powers. */
export function BindPluginForm({ plugins, skills, onClose, onBound }: Props) {
  const [typed, setTyped] = useState<Typed>(() => first(skills, plugins));
  const send = useChange();
  const { name, skill, module, entrypoint, wish } = typed;
  const set = (changed: Partial<Typed>) => setTyped((before) => ({ ...before, ...changed }));
  const inspection = useAnswer("verification.inspect", { path: { skill_id: skill } }, { enabled: skill !== "" });
  const taken = plugins.find((each) => each.plugin_id === name);
  const wrong = nameProblem(name);
  const path = inspection.data === undefined ? undefined : module || defaultModule(inspection.data);
  const options = { skill: skill || "SKILL", module, entrypoint, ...grantOptions(wish) };
  const bind = async (reason: string | null) => {
    const body = { skill, module: module || null, entrypoint: entrypoint || null, ...grantsBody(wish), reason };
    await send("plugins.bind", { path: { plugin_id: name }, body }, `${name} is bound.`);
    onClose();
    onBound(name);
  };
  return (
    <FormDialog
      title="Bind a plugin"
      verb={taken === undefined ? "Bind" : "Bind anew"}
      fields={FIELDS}
      isReady={name !== "" && wrong === undefined && path !== undefined}
      command={(reason) => commandOf(`plugin bind ${quoted(name || "NAME")}`, { ...options, reason })}
      onSend={bind}
      onClose={onClose}
    >
      {(problemAt, problem) => (
        <>
          <NameField value={name} hint="Hooks and agents run it under this name." problem={problemAt("name")} onChange={(text) => set({ name: text })} />
          {skills.length > 1 && (
            <SkillField
              skills={skills}
              chosen={skill}
              problem={problemAt("skill")}
              onChange={(chosen) => set({ skill: chosen, module: "", entrypoint: "", wish: NOTHING })}
            />
          )}
          {skill !== "" && (
            <Answer query={inspection} lines={4}>
              {(found) => (
                <>
                  <ModuleFields inspection={found} module={module} entrypoint={entrypoint} onChange={set} problemAt={problemAt} />
                  <PowerSwitches
                    declared={found.capabilities}
                    offered={found.capabilities}
                    wish={wish}
                    onChange={(changed) => set({ wish: changed })}
                    problem={problem}
                    missingSecrets={found.missing_secrets}
                  />
                  <BindingPlan name={name} inspection={found} module={module} wish={wish} taken={taken} />
                </>
              )}
            </Answer>
          )}
        </>
      )}
    </FormDialog>
  );
}

interface SkillFieldProps {
  skills: readonly string[];
  chosen: string;
  problem: string | undefined;
  onChange: (skill: string) => void;
}

function SkillField({ skills, chosen, problem, onChange }: SkillFieldProps) {
  return (
    <Field label="Skill" problem={problem} isRequired>
      {(ties) => (
        <select {...ties} value={chosen} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose one</option>
          {skills.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Returns what is typed at first: for a single skill, its own name, unless that is taken. */
function first(skills: readonly string[], plugins: readonly Plugin[]): Typed {
  const [only = ""] = skills.length === 1 ? skills : [];
  const name = only.split(".").at(-1) ?? "";
  const isTaken = plugins.some((each) => each.plugin_id === name);
  return { name: isTaken ? "" : name, skill: only, module: "", entrypoint: "", wish: NOTHING };
}
