import { absolute, relative, timeOfDay, usePresent } from "./moments";

interface Props {
  at: string | null | undefined;
  /** `both` shows the date after the relative time; `clock` the time of day to the millisecond. */
  as?: "relative" | "absolute" | "both" | "clock";
}

/** A moment: relative for people, in UTC for certainty. */
export function Moment({ at, as = "relative" }: Props) {
  const present = usePresent();
  if (at == null) return <span className="faint">–</span>;
  const moment = new Date(at);
  const exact = `${absolute(moment)} UTC`;
  const near = relative(moment, moment > present && as !== "both" ? new Date() : present);
  const shown = { relative: near, absolute: exact, both: `${exact} · ${near.replaceAll(" ", "\u00a0")}`, clock: timeOfDay(moment) }[as];
  return (
    <time className="moment figures" dateTime={at} title={exact}>
      {shown}
    </time>
  );
}
