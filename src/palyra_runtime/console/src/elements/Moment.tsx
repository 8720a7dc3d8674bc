import { absolute, relative, timeOfDay, usePresent } from "./moments";

interface Props {
  at: string | null | undefined;
  /** `both` shows the relative time behind the date; `clock` the time of day to the millisecond. */
  as?: "relative" | "absolute" | "both" | "clock";
}

/** A moment: relative for people, in UTC for certainty. */
export function Moment({ at, as = "relative" }: Props) {
  const present = usePresent();
  if (at == null) return <span className="faint">–</span>;
  const moment = new Date(at);
  const exact = `${absolute(moment)} UTC`;
  // The present is told anew now and then: what happened after it was told is not in the future.
  const near = relative(moment, moment > present ? new Date() : present);
  const both = (
    <>
      <span>{exact}</span> <span className="faint">{near}</span>
    </>
  );
  const shown = { relative: near, absolute: exact, both, clock: timeOfDay(moment) }[as];
  return (
    <time className={as === "both" ? "moment both figures" : "moment figures"} dateTime={at} title={exact}>
      {shown}
    </time>
  );
}
