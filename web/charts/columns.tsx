import { useId } from "preact/hooks";
import { t } from "../texts/en.ts";
import { shared } from "../texts/shared.ts";
import { AsTable } from "./as-table.tsx";
import { type Kind, Legend, Patterns } from "./series.tsx";
import { ticksUpTo } from "./ticks.ts";
import { useWidth } from "./width.ts";
import "../styles/charts.css";

/** One column, such as a day: how much of each kind. */
export interface ChartColumn {
  key: string;
  label: string;
  /** By kind; null: unknown. */
  parts: Readonly<Record<string, number | null>>;
  /** All of it in the period before, as a line across; null: unknown. */
  before?: number | null;
}

const AXIS_PX = 52;
const BELOW_PX = 22;
const LABEL_PX = 64;

/** A column of which nothing is known is as high as the chart, and hollow: without one it would look like 0. */
const UNKNOWN: Kind = { label: t.unknown, colour: "var(--unknown)", pattern: "hollow" };

/**
 * Columns beside each other, stacked of kinds: days and what they were made of.
 * @param as writes a value with its unit
 * @param tickAs writes it at the axis, where there is less room
 * @param head what the columns are
 * @param round the axis has multiples of round numbers of these: 3600 where values are seconds and written as hours
 */
export function Columns({
  label,
  columns,
  kinds,
  as,
  tickAs = as,
  head = shared.charts.day,
  round = 1,
  heightPx = 200,
}: {
  label: string;
  columns: readonly ChartColumn[];
  kinds: Readonly<Record<string, Kind>>;
  as: (value: number | null) => string;
  tickAs?: (value: number) => string;
  head?: string;
  round?: number;
  heightPx?: number;
}) {
  const id = useId();
  const { box, widthPx } = useWidth();
  const names = Object.keys(kinds);
  const hasBefore = columns.some(({ before }) => before !== undefined);
  const isUnknown = ({ parts }: ChartColumn) => names.every((name) => (parts[name] ?? null) === null);
  const unknownKinds: Record<string, Kind> = columns.some(isUnknown) ? { unknown: UNKNOWN } : {};
  const totals = columns.map(({ parts }) => names.reduce((sum, name) => sum + (parts[name] ?? 0), 0));
  const ticks = ticksUpTo(Math.max(0, ...totals, ...columns.map(({ before }) => before ?? 0)), round);
  const most = ticks.at(-1) ?? 1;
  const plotPx = heightPx - BELOW_PX - 8;
  const stepPx = Math.max(0, widthPx - AXIS_PX) / Math.max(1, columns.length);
  const y = (value: number) => 8 + plotPx * (1 - value / most);
  // So many columns share one label that labels do not run into each other.
  const every = Math.max(1, Math.ceil(LABEL_PX / Math.max(1, stepPx)));
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{label}</span>
        <Legend id={id} kinds={{ ...kinds, ...unknownKinds }} hasBefore={hasBefore} />
      </figcaption>
      <div class="chart-plot" ref={box} style={{ height: `${heightPx}px` }}>
        <svg
          width={widthPx}
          height={heightPx}
          role="img"
          aria-label={`${label}: ${spoken(columns, totals, as)}`}
        >
          <Patterns id={id} kinds={{ ...kinds, ...unknownKinds }} />
          {ticks.map((tick) => (
            <g key={tick}>
              <line class="chart-grid" x1={AXIS_PX} x2={widthPx} y1={y(tick)} y2={y(tick)} />
              <text x={AXIS_PX - 8} y={y(tick) + 4} text-anchor="end">
                {tickAs(tick)}
              </text>
            </g>
          ))}
          {columns.map((column, at) => {
            const { key, label: name, parts, before } = column;
            const x = AXIS_PX + at * stepPx + stepPx * 0.15;
            let below = 0;
            return (
              <g key={key}>
                <title>{`${name}: ${names.map((kind) => `${kinds[kind]?.label} ${as(parts[kind] ?? null)}`).join(", ")}`}</title>
                {names.map((kind) => {
                  const value = parts[kind] ?? 0;
                  below += value;
                  return (
                    <rect
                      key={kind}
                      x={x}
                      y={y(below)}
                      width={stepPx * 0.7}
                      height={Math.max(0, (plotPx * value) / most)}
                      fill={`url(#${id}-${kind})`}
                    />
                  );
                })}
                {isUnknown(column) && (
                  <rect x={x} y={y(most)} width={stepPx * 0.7} height={plotPx} fill={`url(#${id}-unknown)`} />
                )}
                {typeof before === "number" && (
                  <line
                    x1={x - stepPx * 0.08}
                    x2={x + stepPx * 0.78}
                    y1={y(before)}
                    y2={y(before)}
                    style={{ stroke: "var(--ink)" }}
                    stroke-width="2"
                  />
                )}
                {at % every === 0 && (
                  <text x={x + stepPx * 0.35} y={heightPx - 4} text-anchor="middle">
                    {name}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
      <AsTable
        caption={label}
        head={[
          head,
          ...names.map((name) => kinds[name]?.label ?? name),
          ...(hasBefore ? [shared.charts.before] : []),
        ]}
        rows={() =>
          columns.map(({ label: name, parts, before }) => [
            ...[name, ...names.map((kind) => as(parts[kind] ?? null))],
            ...(hasBefore ? [as(before ?? null)] : []),
          ])
        }
      />
    </figure>
  );
}

function spoken(
  columns: readonly ChartColumn[],
  totals: readonly number[],
  as: (value: number | null) => string,
): string {
  if (columns.length === 0) return shared.charts.noData;
  const most = totals.indexOf(Math.max(...totals));
  const least = totals.indexOf(Math.min(...totals));
  const say = (at: number) => `${columns[at]?.label} ${as(totals[at] ?? null)}`;
  return `${shared.charts.most} ${say(most)}, ${shared.charts.least} ${say(least)}`;
}
