import { useState } from "react";

import { useChange } from "#/client/change";
import type { PluginConfiguration } from "#/client/nouns";
import { FormDialog } from "#/elements/FormDialog";
import { OpenButton } from "#/elements/OpenButton";
import { commandOf, quoted } from "#/elements/shell-words";

import { ConfigInput } from "./ConfigInput";
import { configBody, configProblem, type ConfigWish, isTouched } from "./config";

const FIELDS = { CONFIG_REFUSED: "values", SECRET_IN_CONFIG: "values" } as const;

/** Changes what the operator chooses for a plugin. */
export function ConfigButton({ config }: { config: PluginConfiguration }) {
  return (
    <OpenButton operation="configs.set" verb="Change">
      {(close) => <ConfigDialog config={config} onClose={close} />}
    </OpenButton>
  );
}

function ConfigDialog({ config, onClose }: { config: PluginConfiguration; onClose: () => void }) {
  const [wish, setWish] = useState<ConfigWish>({});
  const send = useChange();
  const { plugin_id: id, fields } = config;
  const save = async (reason: string | null) => {
    await send("configs.set", { path: { plugin_id: id }, body: configBody(fields, wish, reason) }, `The settings of ${id} are changed.`);
    onClose();
  };
  return (
    <FormDialog
      title={`Settings of ${id}`}
      verb="Set"
      fields={FIELDS}
      isReady={config.state !== "valid" || fields.some((field) => isTouched(field, wish))}
      command={(reason) => configCommand(config, wish, reason)}
      onSend={save}
      onClose={onClose}
    >
      {(problemAt, problem) => (
        <>
          <p className="soft">
            What {config.skill_id} {config.skill_version} lets you choose. A plugin whose settings do not fit is not run.
          </p>
          {fields.map((field) => (
            <ConfigInput
              key={field.name}
              field={field}
              typed={wish[field.name]}
              problem={configProblem(problem, field.name) ?? (problem === null ? (field.issue ?? undefined) : undefined)}
              onChange={(text) => setWish((before) => ({ ...before, [field.name]: text }))}
            />
          ))}
          {!fields.some((field) => configProblem(problem, field.name) !== undefined) && problemAt("values") !== undefined && (
            <p className="field-problem" role="alert">
              {problemAt("values")}
            </p>
          )}
        </>
      )}
    </FormDialog>
  );
}

function configCommand({ plugin_id: id, fields }: PluginConfiguration, wish: ConfigWish, reason: string): string {
  const { texts, unset } = configBody(fields, wish, null);
  const pairs = Object.entries(texts ?? {}).map(([name, text]) => quoted(`${name}=${text}`));
  return commandOf([`plugin config set ${id}`, ...pairs].join(" "), { unset, reason });
}
