import { useId } from "preact/hooks";
import { t } from "../texts/en.ts";
import { shared } from "../texts/shared.ts";
import { type Kind, Patterns } from "./series.tsx";
import "../styles/charts.css";

/** One bar: a name, how much, and how much it was before. */
export interface Bar {
  key: string;
  label: string;
  /** Null: unknown, and drawn so. */
  value: number | null;
  /** In the period before, as a line across; null: unknown. */
  before?: number | null;
  /** A view that tells more. */
  href?: string;
}

/**
 * Bars below each other, each with its name and its figure beside it, so that the figures are read as text.
 * @param as writes a value with its unit
 */
export function Bars({
  label,
  bars,
  as,
  most,
  colour = "var(--series-1)",
}: {
  label: string;
  bars: readonly Bar[];
  as: (value: number | null) => string;
  /** The value of a whole bar; the largest one unless given. */
  most?: number;
  colour?: string;
}) {
  const id = useId();
  const whole = most ?? Math.max(0, ...bars.flatMap(({ value, before }) => [value ?? 0, before ?? 0]));
  const hasBefore = bars.some(({ before }) => before !== undefined);
  const share = (value: number) => (whole > 0 ? Math.min(100, (value / whole) * 100) : 0);
  const kinds: Record<string, Kind> = {
    unknown: { label: t.unknown, colour: "var(--unknown)", pattern: "hollow" },
  };
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{label}</span>
        {hasBefore && (
          <ul class="legend">
            <li>
              <svg viewBox="0 0 14 10" aria-hidden="true">
                <path d="M7 0v10" style={{ stroke: "var(--ink)" }} stroke-width="2" />
              </svg>
              {shared.charts.before}
            </li>
          </ul>
        )}
      </figcaption>
      <ul class="bars" aria-label={label}>
        {bars.map(({ key, label: name, value, before, href }) => (
          <li key={key}>
            <span class="bar-name" title={name}>
              {href ? <a href={href}>{name}</a> : name}
            </span>
            <svg aria-hidden="true">
              <Patterns id={`${id}-${key}`} kinds={value === null ? kinds : {}} />
              {value === null ? (
                <rect y="3" width="100%" height="10" rx="3" fill={`url(#${id}-${key}-unknown)`} />
              ) : (
                <rect y="1" width={`${share(value)}%`} height="14" rx="3" style={{ fill: colour }} />
              )}
              {typeof before === "number" && (
                <line
                  x1={`${share(before)}%`}
                  x2={`${share(before)}%`}
                  y1="-2"
                  y2="18"
                  style={{ stroke: "var(--ink)" }}
                  stroke-width="2"
                />
              )}
            </svg>
            <span class={value === null ? "bar-value not-known" : "bar-value"}>
              {as(value)}
              {before !== undefined && (
                <span class="unseen">
                  , {shared.charts.before}: {as(before)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {bars.length === 0 && <p class="soft">{shared.charts.noData}</p>}
    </figure>
  );
}
