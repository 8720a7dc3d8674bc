import { percent } from "./numbers";

interface Props {
  /** Between 0 and 1. */
  share: number;
  label: string;
  tone?: "accent" | "good" | "warn" | "bad";
}

/** How far something has come, drawn and said. */
export function Meter({ share, label, tone = "accent" }: Props) {
  const bounded = Math.min(1, Math.max(0, share));
  return (
    <svg
      className={`meter meter-${tone}`}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(bounded * 100)}
      aria-valuetext={percent(bounded)}
    >
      <rect className="meter-ground" width="100" height="6" />
      <rect className="meter-value" width={bounded * 100} height="6" />
    </svg>
  );
}
