import { Field } from "./Field";

/** The longest reason that the log takes, in characters. */
const REASON_MAX = 1_000;

interface Props {
  value: string;
  onChange: (value: string) => void;
  isRequired?: boolean;
  /** Whether the cursor is here when the dialog opens. */
  isFirst?: boolean;
  rows?: number;
}

/** Asks why; what is said is kept with the event. */
export function ReasonField({ value, onChange, isRequired = false, isFirst = false, rows = 3 }: Props) {
  return (
    <Field label="Reason" isRequired={isRequired}>
      {(ties) => (
        <textarea
          {...ties}
          {...(isFirst && { "data-first": "" })}
          rows={rows}
          maxLength={REASON_MAX}
          value={value}
          placeholder="Kept beside the log, for whoever asks later"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
