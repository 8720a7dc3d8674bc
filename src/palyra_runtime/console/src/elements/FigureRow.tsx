/** A few numbers in a row, each with its term. */
export function FigureRow({ figures }: { figures: ReadonlyArray<readonly [term: string, value: string]> }) {
  return (
    <dl className="figure-row">
      {figures.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd className="figures">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
