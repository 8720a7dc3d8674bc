import { useId } from "react";

import { shareBetween, ticksOf } from "./ticks";
import { useWidth } from "./width";

export interface ChartPoint {
  label: string;
  value: number;
}

interface Props {
  title: string;
  points: readonly ChartPoint[];
  /** How a value is written. */
  format?: (value: number) => string;
}

const ROW = 30;
const BAR = 16;
const TOP = 6;
const FOOT = 26;
const LABEL_CHARS_MAX = 22;

const PLAIN = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

function writeNumber(value: number): string {
  return Math.abs(value) >= 1e9 ? value.toExponential(2) : PLAIN.format(value);
}

function cut(text: string): string {
  return text.length > LABEL_CHARS_MAX ? `${text.slice(0, LABEL_CHARS_MAX - 1)}…` : text;
}

/**
 * Bars over a real axis that holds zero, so that negative numbers point to the left.
 *
 * The drawing is one image for who cannot see it; the numbers stand in the table below it.
 */
export function BarChart({ title, points, format = writeNumber }: Props) {
  const id = useId();
  const [frame, width] = useWidth(640);
  const ticks = ticksOf(points.map((point) => point.value));
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const gutter = Math.min(width * 0.38, 14 + 7.2 * Math.max(3, ...points.map((point) => cut(point.label).length)));
  const right = width - 64;
  const x = (value: number) => gutter + shareBetween(low, value, high) * (right - gutter);
  const height = TOP + points.length * ROW + FOOT;
  const floor = height - FOOT;
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      <svg ref={frame} viewBox={`0 0 ${width} ${height}`} height={height} role="img" aria-label={`${title}: ${points.length} bars`}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={tick === 0 ? "chart-zero" : "chart-grid"} x1={x(tick)} x2={x(tick)} y1={TOP} y2={floor} />
            <text className="chart-tick" x={x(tick)} y={height - 8} textAnchor="middle">
              {format(tick)}
            </text>
          </g>
        ))}
        {points.map((point, index) => {
          const y = TOP + index * ROW + (ROW - BAR) / 2;
          const from = Math.min(x(0), x(point.value));
          const length = Math.max(1.5, Math.abs(x(point.value) - x(0)));
          return (
            <g key={index}>
              <text className="chart-label" x={gutter - 10} y={y + BAR / 2} textAnchor="end" dominantBaseline="central">
                {cut(point.label)}
              </text>
              <rect className={point.value < 0 ? "chart-bar below" : "chart-bar"} x={from} y={y} width={length} height={BAR} rx={2} />
              <text
                className="chart-value"
                x={point.value < 0 ? x(0) + 6 : from + length + 6}
                y={y + BAR / 2}
                dominantBaseline="central"
              >
                {format(point.value)}
              </text>
            </g>
          );
        })}
      </svg>
      <details className="chart-table">
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Label</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {points.map((point, index) => (
              <tr key={index}>
                <th scope="row">{point.label}</th>
                <td className="figures">{String(point.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
