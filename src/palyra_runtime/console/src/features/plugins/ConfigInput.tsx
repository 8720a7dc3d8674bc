import type { ConfigField } from "#/client/nouns";
import { Button } from "#/elements/Button";
import type { FieldTies } from "#/elements/Field";
import { Field } from "#/elements/Field";

import { isHidden, typedText, written } from "./config";

interface Props {
  field: ConfigField;
  /** What was typed; null is to be taken away, undefined was not touched. */
  typed: string | null | undefined;
  problem: string | undefined;
  onChange: (text: string | null) => void;
}

/** What a type asks for, where its field does not show it. */
const HINTS: Readonly<Record<string, string>> = {
  integer: "A whole number.",
  number: "A number.",
  string_list: "A line for each.",
};

/** One key: its name, what it is for, and a field that fits its type. */
export function ConfigInput({ field, typed, problem, onChange }: Props) {
  const hint = [field.title, HINTS[field.type], typed === null && "It is taken away."].filter(Boolean).join(" ");
  return (
    <div className="config-input">
      <Field label={field.name} hint={hint || undefined} problem={problem} isRequired={field.is_required}>
        {(ties) => <Input ties={ties} field={field} text={typed ?? (typed === null ? "" : typedText(field))} onChange={onChange} />}
      </Field>
      {isHidden(field) && typed !== null && (
        <Button kind="quiet" onClick={() => onChange(null)}>
          Take it away
        </Button>
      )}
    </div>
  );
}

interface InputProps {
  ties: FieldTies;
  field: ConfigField;
  text: string;
  onChange: (text: string) => void;
}

function Input({ ties, field, text, onChange }: InputProps) {
  const choices = field.type === "boolean" ? ["true", "false"] : field.choices;
  if (choices.length > 0) {
    return (
      <select {...ties} value={text} onChange={(event) => onChange(event.target.value)}>
        <option value="">{placeholderOf(field)}</option>
        {choices.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    );
  }
  const common = { ...ties, value: text, placeholder: placeholderOf(field), spellCheck: false, autoComplete: "off" };
  if (field.type === "string_list") return <textarea {...common} className="mono" rows={3} onChange={(event) => onChange(event.target.value)} />;
  return (
    <input
      {...common}
      className="mono"
      inputMode={field.type === "integer" ? "numeric" : field.type === "number" ? "decimal" : "text"}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function placeholderOf(field: ConfigField): string {
  if (isHidden(field)) return "set, and not shown";
  const usual = written(field.value);
  return field.is_set || usual === "" ? "not set" : `${usual}, unless something is set`;
}
