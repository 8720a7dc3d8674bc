import type { ReactNode } from "react";
import { useId } from "react";

interface Props {
  label: ReactNode;
  /** What it means to switch it on. */
  about: ReactNode;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  problem?: string | undefined;
  disabled?: boolean;
}

/** Something that is allowed or not, and what that means. */
export function Switch({ label, about, isOn, onChange, problem, disabled = false }: Props) {
  const id = useId();
  return (
    <div className={problem === undefined ? "switch" : "switch wrong"}>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={isOn}
        disabled={disabled}
        aria-describedby={`${id}-about`}
        aria-invalid={problem !== undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      <small id={`${id}-about`} className={problem === undefined ? "soft" : "field-problem"} {...(problem !== undefined && { role: "alert" })}>
        {problem ?? about}
      </small>
    </div>
  );
}
