import type { ButtonHTMLAttributes } from "react";

type Kind = "plain" | "primary" | "danger" | "quiet";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind; busy?: boolean };

/** A button; a busy one says so and cannot be pressed twice. */
export function Button({ kind = "plain", busy = false, disabled, className = "", ...rest }: Props) {
  return (
    <button
      type="button"
      className={`button ${kind} ${className}`}
      disabled={disabled === true || busy}
      aria-busy={busy}
      {...rest}
    />
  );
}
