const WHOLE = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** Returns a number with its thousands apart: `12,034`. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** Returns a number in few characters: `12K`. */
export function short(value: number): string {
  return SHORT.format(value);
}

/** Returns a share between 0 and 1 as per cent. */
export function percent(share: number): string {
  return PERCENT.format(share);
}

/** Returns a duration that was measured in microseconds: `312 µs`, `4.1 ms`, `2.50 s`. */
export function duration(us: number): string {
  if (us < 1_000) return `${whole(us)} µs`;
  if (us < 1_000_000) return `${(us / 1_000).toFixed(us < 10_000 ? 1 : 0)} ms`;
  return us < 60_000_000 ? `${(us / 1_000_000).toFixed(2)} s` : `${(us / 60_000_000).toFixed(1)} min`;
}

/** Returns a number of bytes: `812 B`, `9.1 KiB`, `16 MiB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const units = ["KiB", "MiB", "GiB"];
  let value = count / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && value % 1 !== 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Returns a count with its noun: `1 event`, `3 events`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
