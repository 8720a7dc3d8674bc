import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Tone } from "./tone";

export interface Figure {
  term: string;
  value: ReactNode;
  note?: ReactNode;
  tone?: Tone;
  /** Where the number comes from. */
  open?: LinkProps;
}

/** A band of numbers that say how something stands. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="figures-band">
      {figures.map((figure) => (
        <div key={figure.term} className={figure.tone === undefined ? "figure" : `figure tone-${figure.tone} toned`}>
          <dt>{figure.open === undefined ? figure.term : <Link {...figure.open}>{figure.term}</Link>}</dt>
          <dd className="figures">{figure.value}</dd>
          {figure.note != null && <dd className="figure-note">{figure.note}</dd>}
        </div>
      ))}
    </dl>
  );
}
