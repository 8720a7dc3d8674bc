import { Field } from "#/elements/Field";

import type { Bindable } from "./kinds";
import { BINDABLE, isQueued, KINDS } from "./kinds";

/** The kinds in their two groups: what happened, and what is asked. */
const GROUPS = [
  ["Something has happened", BINDABLE.filter(isQueued)],
  ["An agent is about to do something, or did", BINDABLE.filter((kind) => !isQueued(kind))],
] as const;

interface Props {
  kind: Bindable;
  onChange: (kind: Bindable) => void;
  problem: string | undefined;
  /** Whether the cursor is here when the dialog opens. */
  isFirst: boolean;
}

/** What a hook waits for. */
export function KindField({ kind, onChange, problem, isFirst }: Props) {
  const hint = isQueued(kind)
    ? "It becomes a delivery, which is tried again where it fails. It reacts to what happens after it was bound."
    : "It is asked and answers at once; exit codes become decisions. It has no powers but log, clock and random numbers.";
  return (
    <Field label="Event that it waits for" hint={hint} problem={problem}>
      {(ties) => (
        <select {...ties} {...(isFirst && { "data-first": "" })} value={kind} onChange={(event) => onChange(event.target.value as Bindable)}>
          {GROUPS.map(([title, kinds]) => (
            <optgroup key={title} label={title}>
              {kinds.map((each) => (
                <option key={each} value={each}>
                  {each}: {KINDS[each]}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}
