import type { ReactNode } from "react";
import { useId } from "react";

/** What ties an input to its label, its hint and what is wrong with it. */
export interface FieldTies {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid": boolean;
  "aria-required"?: boolean;
}

interface Props {
  label: string;
  hint?: ReactNode;
  /** What is wrong with it: in the words of the gateway, or what is seen already here. */
  problem?: string | undefined;
  isRequired?: boolean;
  children: (ties: FieldTies) => ReactNode;
}

/** A field with its label; the hint gives way to what is wrong. */
export function Field({ label, hint, problem, isRequired, children }: Props) {
  const id = useId();
  const about = problem !== undefined ? `${id}-problem` : hint != null ? `${id}-hint` : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}{" "}
        {isRequired === true && <em className="required">required</em>}
        {isRequired === false && <em className="faint">optional</em>}
      </label>
      {children({
        id,
        "aria-invalid": problem !== undefined,
        ...(isRequired !== undefined && { "aria-required": isRequired }),
        ...(about !== undefined && { "aria-describedby": about }),
      })}
      {problem !== undefined ? (
        <small id={`${id}-problem`} className="field-problem" role="alert">
          {problem}
        </small>
      ) : (
        hint != null && (
          <small id={`${id}-hint`} className="faint">
            {hint}
          </small>
        )
      )}
    </div>
  );
}
