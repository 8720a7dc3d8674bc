import { useId, useState, useSyncExternalStore } from "react";

import { Problem } from "#/client/problem";
import { Button } from "#/elements/Button";
import { Failure } from "#/elements/Failure";

import { A2uiFormField } from "./A2uiFormField";
import { draftBox, draftKey, shownValue, valuesOf } from "./drafts";
import { problemsOf } from "./problems";
import type { A2uiFormComponent, A2uiFormSubmitEvent, FieldProblems } from "./types";

interface Props {
  surface: string;
  form: A2uiFormComponent;
  onFormSubmit?: ((event: A2uiFormSubmitEvent) => Promise<unknown>) | undefined;
}

/** A form of a plugin. What is typed stays, whatever the plugin changes meanwhile, until it is sent off. */
export function A2uiForm({ surface, form, onFormSubmit }: Props) {
  const drafts = useSyncExternalStore(draftBox.watch, draftBox.all);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const id = useId();
  const problems: FieldProblems = error === null ? {} : problemsOf(error);
  const isElsewhere = error !== null && Object.keys(problems).length === 0;
  const submit = () => {
    if (onFormSubmit === undefined) return;
    setBusy(true);
    setError(null);
    onFormSubmit({ componentId: form.id, values: valuesOf(surface, form, draftBox.all()) })
      .then(() => draftBox.clear(surface, form), setError)
      .finally(() => setBusy(false));
  };
  return (
    <form
      className="a2ui-form-body"
      aria-labelledby={id}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2 id={id}>{form.props.title}</h2>
      {form.props.fields.map((field) => {
        const key = draftKey(surface, form.id, field.id);
        return (
          <A2uiFormField
            key={field.id}
            field={field}
            value={shownValue(field, drafts.get(key))}
            problem={problems[field.id]}
            onChange={(value) => draftBox.type(key, value)}
          />
        );
      })}
      {isElsewhere && <Failure error={Problem.of(error)} />}
      <Button type="submit" kind="primary" busy={isBusy} disabled={onFormSubmit === undefined}>
        {form.props.submitLabel}
      </Button>
    </form>
  );
}
