import { Field } from "#/elements/Field";
import type { ProblemAt } from "#/elements/FormDialog";

import { isQueued, ORDERINGS, RULES } from "./kinds";
import { attemptsProblem, ATTEMPTS_LIMIT, type HookWish } from "./wish";

interface Props {
  wish: HookWish;
  onChange: (changed: Partial<HookWish>) => void;
  problemAt: ProblemAt;
}

/** What else can be chosen, which is not the same for events and for phases of a run. */
export function HookOptions({ wish, onChange, problemAt }: Props) {
  if (!isQueued(wish.kind)) {
    return (
      <Field label="Where it gives no answer" problem={problemAt("rule")}>
        {(ties) => (
          <select {...ties} value={wish.rule} onChange={(event) => onChange({ rule: event.target.value as HookWish["rule"] })}>
            <Options words={RULES} />
          </select>
        )}
      </Field>
    );
  }
  return (
    <>
      <Field
        label="Attempts"
        hint="How often a delivery is tried before it is given up. Nothing is what the policy allows."
        problem={attemptsProblem(wish.attempts) ?? problemAt("attempts")}
        isRequired={false}
      >
        {(ties) => (
          <input
            {...ties}
            className="short-input"
            type="number"
            inputMode="numeric"
            min={1}
            max={ATTEMPTS_LIMIT}
            value={wish.attempts}
            onChange={(event) => onChange({ attempts: event.target.value })}
          />
        )}
      </Field>
      <Field label="Its deliveries run" hint="Those of a plugin that keeps values or shows a page run one after another in any case." problem={problemAt("ordering")}>
        {(ties) => (
          <select {...ties} value={wish.ordering} onChange={(event) => onChange({ ordering: event.target.value as HookWish["ordering"] })}>
            <Options words={ORDERINGS} />
          </select>
        )}
      </Field>
    </>
  );
}

function Options({ words }: { words: Readonly<Record<string, string>> }) {
  return Object.entries(words).map(([value, text]) => (
    <option key={value} value={value}>
      {text}
    </option>
  ));
}
