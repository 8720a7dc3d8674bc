import type { Inspection } from "#/client/nouns";
import { Field } from "#/elements/Field";
import type { ProblemAt } from "#/elements/FormDialog";
import { bytes } from "#/elements/numbers";

interface Props {
  inspection: Inspection;
  module: string;
  entrypoint: string;
  onChange: (changed: { module?: string; entrypoint?: string }) => void;
  problemAt: ProblemAt;
}

/** Returns the module that is meant where nobody chooses one; undefined where somebody must. */
export function defaultModule({ defaults, modules }: Inspection): string | undefined {
  return defaults.default_module_path ?? (modules.length === 1 ? modules[0]?.path : undefined);
}

/** Which module runs, and which of its functions. */
export function ModuleFields({ inspection, module, entrypoint, onChange, problemAt }: Props) {
  const usual = defaultModule(inspection);
  const { defaults, modules } = inspection;
  return (
    <div className="fields two">
      <Field label="Module" problem={problemAt("module")} hint={usual === undefined ? "The skill has several, and prefers none." : undefined}>
        {(ties) => (
          <select {...ties} value={module || (usual ?? "")} onChange={(event) => onChange({ module: event.target.value })}>
            {usual === undefined && <option value="">Choose one</option>}
            {modules.map((each) => (
              <option key={each.path} value={each.path}>
                {each.path}, {bytes(each.size)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Entrypoint" isRequired={false} problem={problemAt("entrypoint")}>
        {(ties) => (
          <input
            {...ties}
            className="mono"
            value={entrypoint}
            spellCheck={false}
            autoComplete="off"
            placeholder={defaults.default_entrypoint ?? "palyra_plugin_main, or run"}
            onChange={(event) => onChange({ entrypoint: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
