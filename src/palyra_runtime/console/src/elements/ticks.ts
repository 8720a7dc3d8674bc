/** How many steps an axis has, about. */
const STEPS = 4;
/** Steps below this cannot be told apart from nothing. */
const LEAST = 1e-300;

/** Returns round numbers that an axis can carry: they hold zero and all values, the lowest first. */
export function ticksOf(values: readonly number[]): number[] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const rough = high / STEPS - low / STEPS;
  if (rough < LEAST) return [0, 1];
  const step = roundStep(rough);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
}

function roundStep(rough: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / magnitude;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * magnitude;
}

/** Takes away what adding in binary leaves behind, as in 0.30000000000000004. */
function tidy(value: number): number {
  const bounded = Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
  return bounded === 0 ? 0 : Number(bounded.toPrecision(12));
}

/** Returns where a value is between two others, as a share of the way; also where their distance has no number. */
export function shareBetween(low: number, value: number, high: number): number {
  const scale = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return (value / scale - low / scale) / (high / scale - low / scale || 1);
}
