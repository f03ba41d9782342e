import { AsTable } from "../../charts/as-table.tsx";
import { fleet as t } from "../../texts/fleet.ts";
import type { DriverDays } from "./clock-days.ts";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const LABELS_H = [0, 6, 12, 18, 24];

/** From when to when drivers are on their way, below each other over the hours of a day. */
export function WorkingDays({ label, drivers }: { label: string; drivers: readonly DriverDays[] }) {
  // Who ends after midnight ends on the right of it.
  const wholeS = Math.max(DAY_S, ...drivers.map(({ endedS }) => Math.ceil((endedS ?? 0) / HOUR_S) * HOUR_S));
  const x = (seconds: number) => `${(Math.max(0, seconds) / wholeS) * 100}%`;
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{label}</span>
      </figcaption>
      <ul class="bars fleet-working" aria-label={label}>
        {drivers.map(({ driver, beganS, endedS }) => (
          <li key={driver}>
            <span class="bar-name" title={driver}>
              {driver}
            </span>
            <svg aria-hidden="true">
              {LABELS_H.map((hour) => (
                <line
                  key={hour}
                  class="chart-grid"
                  x1={x(hour * HOUR_S)}
                  x2={x(hour * HOUR_S)}
                  y1="-6"
                  y2="22"
                />
              ))}
              {beganS !== null && (
                <rect
                  class="fleet-span"
                  x={x(beganS)}
                  y="3"
                  width={x(Math.max((endedS ?? beganS) - beganS, wholeS / 300))}
                  height="10"
                  rx="3"
                />
              )}
            </svg>
            <span class={beganS === null ? "bar-value not-known" : "bar-value"}>
              {spanOf(beganS, endedS)}
            </span>
          </li>
        ))}
        <li class="fleet-hours" aria-hidden="true">
          <span />
          <span class="strip-axis">
            {LABELS_H.map((hour) => (
              <span key={hour} style={{ left: x(hour * HOUR_S) }}>
                {t.clock.hours(hour)}
              </span>
            ))}
          </span>
          <span />
        </li>
      </ul>
      <AsTable
        caption={label}
        head={[t.table.driver, t.table.began, t.table.ended]}
        rows={() => drivers.map(({ driver, beganS, endedS }) => [driver, clock(beganS), clock(endedS)])}
      />
    </figure>
  );
}

const spanOf = (beganS: number | null, endedS: number | null) =>
  beganS === null ? clock(null) : t.clock.span(clock(beganS), clock(endedS));

/** Seconds after midnight as a time of day, rounded down to the minute. @example clock(27_000) // "07:30" */
export function clock(seconds: number | null): string {
  if (seconds === null) return t.charts.unknown.toLowerCase();
  const minutes = Math.floor(seconds / 60) % (24 * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
