import { useId } from "react";

import type { A2uiField, A2uiValue } from "./types";

interface Props {
  field: A2uiField;
  value: string | boolean;
  problem: string | undefined;
  onChange: (value: A2uiValue) => void;
}

/** One field with its label, its hint, and what the gateway found wrong with it. */
export function A2uiFormField({ field, value, problem, onChange }: Props) {
  const id = useId();
  const about = [field.hint !== "" && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean).join(" ");
  const common = {
    id,
    "aria-required": field.required,
    "aria-invalid": problem !== undefined,
    ...(about !== "" && { "aria-describedby": about }),
  };
  return (
    <div className={field.type === "checkbox" ? "field field-check" : "field"}>
      <label htmlFor={id}>
        {field.label}
        {field.required && <em className="required">required</em>}
      </label>
      <Input field={field} value={value} common={common} onChange={onChange} />
      {field.hint !== "" && (
        <small id={`${id}-hint`} className="faint">
          {field.hint}
        </small>
      )}
      {problem !== undefined && (
        <small id={`${id}-problem`} className="field-problem" role="alert">
          {withoutLabel(problem, field.label)}
        </small>
      )}
    </div>
  );
}

/** The gateway names the field in front of what is wrong with it; here it stands below its label. */
function withoutLabel(problem: string, label: string): string {
  return problem.startsWith(`${label}: `) ? problem.slice(label.length + 2) : problem;
}

interface InputProps {
  field: A2uiField;
  value: string | boolean;
  common: object;
  onChange: (value: A2uiValue) => void;
}

function Input({ field, value, common, onChange }: InputProps) {
  switch (field.type) {
    case "checkbox":
      return <input {...common} type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
    case "select":
      return (
        <select {...common} value={String(value)} onChange={(event) => onChange(event.target.value)}>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      );
    case "number":
      return (
        <input
          {...common}
          type="number"
          inputMode="decimal"
          min={field.min}
          max={field.max}
          step={field.step}
          value={String(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "text":
    case "email":
      return (
        <input
          {...common}
          type={field.type}
          placeholder={field.placeholder}
          value={String(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}
