import type { ReactNode } from "react";

export type Fact = readonly [term: string, value: ReactNode];

/** Terms and what they are; a fact that is not there is left out. */
export function Facts({ facts, columns = 1 }: { facts: ReadonlyArray<Fact | null>; columns?: 1 | 2 | 3 }) {
  return (
    <dl className={`facts columns-${columns}`}>
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]} className="fact">
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
