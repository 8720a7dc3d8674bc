import type { Tone } from "./tone";

interface Part {
  name: string;
  count: number;
  tone: Tone;
}

/** How a whole falls into parts, as one bar; the numbers are said to who cannot see it. */
export function ShareBar({ parts, label }: { parts: readonly Part[]; label: string }) {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const said = parts.filter((part) => part.count > 0).map((part) => `${part.count} ${part.name}`);
  let from = 0;
  return (
    <svg className="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${label}: ${said.join(", ") || "none"}`}>
      <rect className="meter-ground" width="100" height="8" />
      {parts.map((part) => {
        const width = total === 0 ? 0 : (part.count / total) * 100;
        const x = from;
        from += width;
        return width === 0 ? null : (
          <rect key={part.name} className={`share share-${part.tone}`} x={x} width={width} height="8">
            <title>{`${part.count} ${part.name}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
