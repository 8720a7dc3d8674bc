import type { ReactNode } from "react";

import type { Tone } from "./tone";
import { toneOf } from "./tone";

const GLYPHS: Readonly<Record<Tone, ReactNode>> = {
  good: <path d="m3 6.300 2 2L9 4" />,
  warn: <path d="M6 3v3.500M6 8.800v.100" />,
  bad: <path d="m3.500 3.500 5 5m0-5-5 5" />,
  info: <circle cx="6" cy="6" r="2.500" />,
  held: <path d="M4.300 3.500v5M7.700 3.500v5" />,
  plain: <path d="M3.500 6h5" />,
};

/** A state in a word, with a colour and a glyph that say the same. */
export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`badge tone-${tone}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {GLYPHS[tone]}
      </svg>
      {children}
    </span>
  );
}

/** The badge of a state that the gateway knows by name. */
export function StateBadge({ state }: { state: string }) {
  return <Badge tone={toneOf(state)}>{state.replaceAll("_", " ")}</Badge>;
}
