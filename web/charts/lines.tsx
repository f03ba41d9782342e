import { useEffect, useRef, useState } from "preact/hooks";
import { Failed } from "../parts/states.tsx";
import { dateTime } from "../parts/time.ts";
import { reloadOr } from "../shell/reload.ts";
import { isDark } from "../shell/theme.ts";
import { t } from "../texts/en.ts";
import { shared } from "../texts/shared.ts";
import { AsTable } from "./as-table.tsx";
import type { Plot } from "./plot.ts";
import { lookOf } from "./series.tsx";
import { summarise } from "./summary.ts";
import "../styles/charts.css";

/** One line of a chart. */
export interface Line {
  label: string;
  /** One for each instant; null: unknown, and the line has a gap there. */
  values: readonly (number | null)[];
}

/**
 * Lines over time, up to a day of seconds, with a cursor that a page can tie to its map.
 * @param atMs instants, ascending
 * @param unit stands at the axis
 * @param onCursor where the pointer is, null when it left
 */
export function Lines({
  label,
  unit,
  atMs,
  lines,
  heightPx = 180,
  cursorMs = null,
  onCursor,
  onPick,
}: {
  label: string;
  unit: string;
  atMs: readonly number[];
  lines: readonly Line[];
  heightPx?: number;
  cursorMs?: number | null;
  onCursor?: (atMs: number | null) => void;
  onPick?: (atMs: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const [isBroken, setBroken] = useState(false);
  const handlers = useRef({ onCursor, onPick });
  handlers.current = { onCursor, onPick };
  const dark = isDark();
  const names = lines.map((line) => line.label).join("\n");

  // Its frame; what it shows is put in below, with every answer.
  useEffect(() => {
    const place = box.current;
    if (place === null) return;
    let isGone = false;
    // Its library comes after the page's first picture.
    import("./plot.ts")
      .then(({ createPlot }) => {
        if (isGone) return;
        const labels = lines.map((line) => line.label);
        plot.current = createPlot(place, { unit, labels, heightPx, handlers });
        plot.current.show(atMs, lines);
        plot.current.pointTo(cursorMs);
      })
      .catch((error: unknown) => {
        console.error(error);
        setBroken(true);
      });
    return () => {
      isGone = true;
      plot.current?.close();
      plot.current = null;
    };
  }, [names, unit, heightPx, dark, isBroken]);
  useEffect(() => plot.current?.show(atMs, lines), [atMs, lines]);
  useEffect(() => plot.current?.pointTo(cursorMs), [cursorMs]);

  const rows = () => summarise(atMs, lines);
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">
          {label} <span class="soft">{unit}</span>
        </span>
        {lines.length > 1 && (
          <ul class="legend">
            {lines.map((line, at) => (
              <li key={line.label}>
                <svg viewBox="0 0 14 10" aria-hidden="true">
                  <path
                    d="M0 5h14"
                    stroke-width="2"
                    stroke-dasharray={lookOf(at).dash.join(" ")}
                    style={{ stroke: lookOf(at).colour }}
                  />
                </svg>
                {line.label}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      {isBroken ? (
        <Failed title={shared.charts.notLoaded} onRetry={() => void reloadOr(() => setBroken(false))} />
      ) : (
        <div
          class="chart-plot"
          ref={box}
          role="img"
          aria-label={`${label}, ${unit}: ${spoken(lines)}`}
          style={{ height: `${heightPx}px` }}
        />
      )}
      <AsTable
        caption={`${label}, ${unit}`}
        head={[shared.charts.time, ...lines.map((line) => line.label)]}
        rows={() =>
          rows().map(({ fromMs, cells }) => [
            dateTime(fromMs),
            ...cells.map((cell) => (cell === null ? t.unknown : cell)),
          ])
        }
      />
    </figure>
  );
}

/** The least, the most and the last of each line. */
function spoken(lines: readonly Line[]): string {
  const parts = lines.map(({ label, values }) => {
    let least = Infinity;
    let most = -Infinity;
    let last: number | null = null;
    for (const value of values) {
      if (value === null) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
      last = value;
    }
    if (last === null) return `${label} ${t.unknown}`;
    return `${label} ${shared.charts.least} ${round(least)}, ${shared.charts.most} ${round(most)}, ${shared.charts.latest} ${round(last)}`;
  });
  return parts.join("; ") || shared.charts.noData;
}

const round = (value: number) => Math.round(value * 10) / 10;
