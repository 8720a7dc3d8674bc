import { useSyncExternalStore } from "react";

/** How often relative times are told anew, in ms. */
const TICK_MS = 10_000;

const UNITS: ReadonlyArray<readonly [Intl.RelativeTimeFormatUnit, number]> = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });

/** Returns a moment as people say it, such as `5m ago`; within five seconds it is `now`. */
export function relative(moment: Date, now: Date): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) < 5) return "now";
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.trunc(seconds / size), unit);
  }
  return "now";
}

/** Returns a moment in UTC to the second, as `2026-03-01 12:00:05`. */
export function absolute(moment: Date): string {
  return moment.toISOString().slice(0, 19).replace("T", " ");
}

/** Returns the time of day in UTC to the millisecond. */
export function timeOfDay(moment: Date): string {
  return moment.toISOString().slice(11, 23);
}

const listeners = new Set<() => void>();
let present = new Date();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    present = new Date();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Returns the present moment; all that show it are told anew together. */
export function usePresent(): Date {
  return useSyncExternalStore(subscribe, () => present);
}
