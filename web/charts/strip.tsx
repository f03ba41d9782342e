import { useId } from "preact/hooks";
import { durationS } from "../parts/format.ts";
import { dayOf, startOfDayMs, time } from "../parts/time.ts";
import { shared } from "../texts/shared.ts";
import { AsTable } from "./as-table.tsx";
import { type Kind, Legend, Patterns } from "./series.tsx";
import { useWidth } from "./width.ts";
import "../styles/charts.css";

/** A stretch of time that was of one kind. */
export interface Stretch {
  fromMs: number;
  toMs: number;
  kind: string;
  /** What more there is to say of it. */
  note?: string;
}

const HOUR_MS = 3_600_000;
/** Hours between two labels: the first that leaves them room. */
const LABEL_PX = 60;
const LABEL_EVERY_H = [1, 2, 3, 6, 12, 24, 48, 168, 720];
/** The row is drawn so wide and stretched to its place. */
const WIDE = 1000;

/**
 * A row of coloured stretches of time: a day's timeline, the coverage of a vehicle.
 * @param onPick makes it a slider: a click or the arrow keys choose an instant
 */
export function Strip({
  label,
  fromMs,
  toMs,
  stretches,
  kinds,
  heightPx = 24,
  cursorMs = null,
  onPick,
  hasLegend = true,
  hasAxis = true,
  hasTable = true,
}: {
  label: string;
  fromMs: number;
  toMs: number;
  stretches: readonly Stretch[];
  kinds: Readonly<Record<string, Kind>>;
  heightPx?: number;
  cursorMs?: number | null;
  onPick?: (atMs: number) => void;
  /** False where rows below each other share one. */
  hasLegend?: boolean;
  hasAxis?: boolean;
  hasTable?: boolean;
}) {
  const id = useId();
  const x = (ms: number) => ((Math.max(fromMs, Math.min(toMs, ms)) - fromMs) / (toMs - fromMs)) * WIDE;
  const at = stretches.find(
    (stretch) => cursorMs !== null && stretch.fromMs <= cursorMs && cursorMs < stretch.toMs,
  );
  const slider = onPick && {
    role: "slider" as const,
    // In SVG names of attributes keep their case.
    tabindex: 0,
    "aria-valuemin": fromMs,
    "aria-valuemax": toMs,
    "aria-valuenow": cursorMs ?? fromMs,
    "aria-valuetext": `${time(cursorMs ?? fromMs)} ${at ? (kinds[at.kind]?.label ?? "") : ""}`.trim(),
    onClick: (event: MouseEvent & { currentTarget: SVGSVGElement }) => {
      const { left, width } = event.currentTarget.getBoundingClientRect();
      onPick(fromMs + ((event.clientX - left) / width) * (toMs - fromMs));
    },
    onKeyDown: (event: KeyboardEvent) => {
      const to = afterKey(event.key, cursorMs ?? fromMs, fromMs, toMs, stretches);
      if (to === null) return;
      event.preventDefault();
      onPick(to);
    },
  };
  return (
    <figure class="chart">
      {hasLegend && (
        <figcaption>
          <span class="chart-title">{label}</span>
          <Legend id={id} kinds={kinds} />
        </figcaption>
      )}
      <div>
        <svg
          class="strip"
          viewBox={`0 0 ${WIDE} ${heightPx}`}
          preserveAspectRatio="none"
          height={heightPx}
          {...(slider ?? { role: "img" as const })}
          aria-label={slider ? label : `${label}: ${spoken(stretches, kinds)}`}
        >
          <Patterns id={id} kinds={kinds} />
          {stretches.map(({ fromMs: begin, toMs: end, kind, note }) => (
            <rect
              key={`${begin} ${kind}`}
              x={x(begin)}
              width={Math.max(0.5, x(end) - x(begin))}
              height={heightPx}
              fill={`url(#${id}-${kind})`}
            >
              <title>
                {`${kinds[kind]?.label ?? kind}, ${time(begin)} – ${time(end)}, ${durationS((end - begin) / 1000)}${note ? `: ${note}` : ""}`}
              </title>
            </rect>
          ))}
          {cursorMs !== null && (
            <line class="strip-cursor" x1={x(cursorMs)} x2={x(cursorMs)} y1="0" y2={heightPx} />
          )}
        </svg>
        {hasAxis && <StripAxis fromMs={fromMs} toMs={toMs} />}
      </div>
      {hasTable && (
        <AsTable
          caption={label}
          head={[shared.charts.from, shared.charts.to, shared.charts.what, shared.charts.howLong]}
          rows={() =>
            stretches.map((s) => [
              time(s.fromMs),
              time(s.toMs),
              [kinds[s.kind]?.label ?? s.kind, s.note].filter(Boolean).join(": "),
              durationS((s.toMs - s.fromMs) / 1000),
            ])
          }
        />
      )}
    </figure>
  );
}

/** The hours below a row, in fleet time; days where hours would be too many. */
export function StripAxis({ fromMs, toMs }: { fromMs: number; toMs: number }) {
  const hours = (toMs - fromMs) / HOUR_MS;
  const { box, widthPx } = useWidth();
  const most = Math.max(2, Math.min(12, widthPx / LABEL_PX));
  const every = LABEL_EVERY_H.find((step) => hours / step <= most) ?? 720;
  const first = startOfDayMs(dayOf(fromMs));
  const marks: number[] = [];
  for (let ms = first; ms <= toMs; ms += every * HOUR_MS) if (ms >= fromMs) marks.push(ms);
  return (
    <div class="strip-axis" aria-hidden="true" ref={box}>
      {marks.map((ms) => (
        <span
          key={ms}
          class={edgeOf((ms - fromMs) / (toMs - fromMs))}
          style={{ left: `${((ms - fromMs) / (toMs - fromMs)) * 100}%` }}
        >
          {every < 24 ? time(ms) : dayOf(ms).slice(5)}
        </span>
      ))}
    </div>
  );
}

/** Labels at the ends stay within the row. */
const edgeOf = (share: number) => (share < 0.02 ? "at-start" : share > 0.98 ? "at-end" : undefined);

/** Where a key leads: to the next or last border of a stretch, or to an end. */
function afterKey(
  key: string,
  nowMs: number,
  fromMs: number,
  toMs: number,
  stretches: readonly Stretch[],
): number | null {
  const borders = stretches.map((stretch) => stretch.fromMs);
  switch (key) {
    case "Home":
      return fromMs;
    case "End":
      return toMs;
    case "ArrowRight":
    case "ArrowUp":
      return borders.find((ms) => ms > nowMs) ?? toMs;
    case "ArrowLeft":
    case "ArrowDown":
      return borders.findLast((ms) => ms < nowMs) ?? fromMs;
    default:
      return null;
  }
}

/** How long it was of each kind. */
function spoken(stretches: readonly Stretch[], kinds: Readonly<Record<string, Kind>>): string {
  if (stretches.length === 0) return shared.charts.noData;
  const sums = new Map<string, number>();
  for (const { kind, fromMs, toMs } of stretches) sums.set(kind, (sums.get(kind) ?? 0) + toMs - fromMs);
  return [...sums].map(([kind, ms]) => `${kinds[kind]?.label ?? kind} ${durationS(ms / 1000)}`).join(", ");
}
