import { Field } from "./Field";
import { nameProblem } from "./identifiers";

interface Props {
  value: string;
  hint: string;
  placeholder?: string;
  /** What the gateway found wrong with it. */
  problem: string | undefined;
  onChange: (value: string) => void;
}

/** The name that somebody gives a thing; the cursor is here when the dialog opens. */
export function NameField({ value, hint, placeholder, problem, onChange }: Props) {
  return (
    <Field label="Name" hint={hint} problem={nameProblem(value) ?? problem} isRequired>
      {(ties) => (
        <input
          {...ties}
          className="mono"
          data-first=""
          value={value}
          spellCheck={false}
          autoComplete="off"
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
