import type { AuditEntry } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { absolute } from "#/elements/moments";
import { counted } from "#/elements/numbers";
import { Panel } from "#/elements/Panel";
import { ticksOf } from "#/elements/ticks";
import { useWidth } from "#/elements/width";

/** Events that are counted, and the bars that they are counted into. */
const EVENTS = 1_000;
const BARS = 48;
const HEIGHT = 132;
const LEFT = 34;
const FLOOR = 108;

interface Bar {
  since: Date;
  calm: number;
  bad: number;
}

/** Returns the events of a stretch of time as bars of equal length. */
export function barsOf(entries: readonly Pick<AuditEntry, "timestamp" | "topic">[]): Bar[] {
  const times = entries.map((entry) => new Date(entry.timestamp).getTime());
  const first = Math.min(...times);
  const length = Math.max(1, (Math.max(...times) - first) / BARS);
  const bars = Array.from({ length: BARS }, (_, index) => ({ since: new Date(first + index * length), calm: 0, bad: 0 }));
  entries.forEach((entry, index) => {
    const bar = bars[Math.min(BARS - 1, Math.floor(((times[index] ?? first) - first) / length))];
    if (bar === undefined) return;
    if (/Failed|DeadLettered|Quarantined/.test(entry.topic)) bar.bad += 1;
    else bar.calm += 1;
  });
  return bars;
}

/** How much happened when: the newest events over their time. */
export function ActivityPanel() {
  const { data } = useAnswer("audit.log", { query: { newest_first: true, limit: EVENTS } });
  const entries = data?.items ?? [];
  if (entries.length < 2) return null;
  return (
    <Panel title="Activity" note={`the newest ${counted(entries.length, "event")}`} actions={<Legend />}>
      <Bars bars={barsOf(entries)} />
    </Panel>
  );
}

function Legend() {
  return (
    <p className="legend" aria-hidden="true">
      <span className="legend-calm">events</span>
      <span className="legend-bad">failures and quarantines</span>
    </p>
  );
}

/** A moment as an axis has room for it: `Nov 21, 09:28` in UTC. */
const AXIS = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });

function Bars({ bars }: { bars: readonly Bar[] }) {
  const [frame, width] = useWidth(640);
  const ticks = ticksOf(bars.map((bar) => bar.calm + bar.bad)).filter(Number.isInteger);
  const top = ticks.at(-1) ?? 1;
  const y = (value: number) => FLOOR - (value / top) * (FLOOR - 8);
  const step = (width - LEFT) / BARS;
  const total = bars.reduce((sum, bar) => sum + bar.calm + bar.bad, 0);
  const bad = bars.reduce((sum, bar) => sum + bar.bad, 0);
  const [first, middle, last] = [bars[0], bars[BARS / 2], bars[BARS - 1]];
  return (
    <svg
      ref={frame}
      className="activity"
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={`${counted(total, "event")} between ${first ? absolute(first.since) : ""} and ${last ? absolute(last.since) : ""} UTC, of which ${bad} tell of a failure or a quarantine`}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={tick === 0 ? "chart-zero" : "chart-grid"} x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
          <text className="chart-tick" x={LEFT - 8} y={y(tick)} textAnchor="end" dominantBaseline="central">
            {tick}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => (
        <g key={index} transform={`translate(${LEFT + index * step + step * 0.15} 0)`}>
          <title>{`${absolute(bar.since)} UTC: ${counted(bar.calm + bar.bad, "event")}`}</title>
          <rect className="chart-bar" y={y(bar.calm + bar.bad)} width={step * 0.7} height={y(bar.bad) - y(bar.calm + bar.bad)} rx={1} />
          <rect className="chart-bar below" y={y(bar.bad)} width={step * 0.7} height={FLOOR - y(bar.bad)} rx={1} />
        </g>
      ))}
      {[first, middle, last].map((bar, index) => (
        <text
          key={index}
          className="chart-tick"
          x={index === 0 ? LEFT : index === 1 ? LEFT + (width - LEFT) / 2 : width}
          y={HEIGHT - 8}
          textAnchor={(["start", "middle", "end"] as const)[index]}
        >
          {bar && AXIS.format(bar.since)}
        </text>
      ))}
    </svg>
  );
}
