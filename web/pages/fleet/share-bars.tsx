import { useId } from "preact/hooks";
import { AsTable } from "../../charts/as-table.tsx";
import { type Kind, Legend, Patterns } from "../../charts/series.tsx";
import { percent } from "../../parts/format.ts";
import { fleet } from "../../texts/fleet.ts";
import { shared } from "../../texts/shared.ts";

/** A bar that is a whole, and what that is made of. */
export interface ShareBar {
  key: string;
  label: string;
  /** By kind; null: unknown, and no part of the whole. */
  parts: Readonly<Record<string, number | null>>;
}

/**
 * Whole bars below each other, each parted in shares. Beside each is the share of the first kind, which is what they are
 * compared by.
 * @param of what the bars are, the heading of the table
 */
export function ShareBars({
  label,
  of,
  bars,
  kinds,
  hasLegend = true,
}: {
  label: string;
  of: string;
  bars: readonly ShareBar[];
  kinds: Readonly<Record<string, Kind>>;
  hasLegend?: boolean;
}) {
  const id = useId();
  const names = Object.keys(kinds);
  const sharesOf = ({ parts }: ShareBar) => {
    const whole = names.reduce((sum, name) => sum + (parts[name] ?? 0), 0);
    return names.map((name) => (whole > 0 && parts[name] !== null ? (parts[name] ?? 0) / whole : null));
  };
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{label}</span>
        {hasLegend && <Legend id={id} kinds={kinds} />}
      </figcaption>
      <svg class="fleet-defs" aria-hidden="true">
        <Patterns id={id} kinds={kinds} />
      </svg>
      <ul class="bars" aria-label={label}>
        {bars.map((bar) => {
          const shares = sharesOf(bar);
          let from = 0;
          return (
            <li key={bar.key}>
              <span class="bar-name" title={bar.label}>
                {bar.label}
              </span>
              <svg class="fleet-share" aria-hidden="true">
                {shares.map((share, at) => {
                  const x = from;
                  from += share ?? 0;
                  return (
                    <rect
                      key={names[at]}
                      x={`${x * 100}%`}
                      y="1"
                      width={`${(share ?? 0) * 100}%`}
                      height="14"
                      fill={`url(#${id}-${names[at]})`}
                    />
                  );
                })}
              </svg>
              <span class={shares[0] === null ? "bar-value not-known" : "bar-value"}>
                {shares[0] === null
                  ? percent(null)
                  : fleet.summary.share(percent(shares[0]), kinds[names[0] ?? ""]?.label.toLowerCase() ?? "")}
                <span class="unseen">
                  {" "}
                  {names.map((name, at) => `${kinds[name]?.label} ${percent(shares[at])}`).join(", ")}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      {bars.length === 0 && <p class="soft">{shared.charts.noData}</p>}
      <AsTable
        caption={label}
        head={[of, ...names.map((name) => kinds[name]?.label ?? name)]}
        rows={() => bars.map((bar) => [bar.label, ...sharesOf(bar).map((share) => percent(share, 1))])}
      />
    </figure>
  );
}
