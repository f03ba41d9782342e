import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { zone } from "../shell/session.ts";
import type { Line } from "./lines.tsx";
import { lookOf } from "./series.tsx";

/** A drawn chart. */
export interface Plot {
  show(atMs: readonly number[], lines: readonly Line[]): void;
  pointTo(atMs: number | null): void;
  close(): void;
}

const HOUR_S = 3600;
/** How times below the axis are written: by steps of days, hours, seconds. */
const TIMES: uPlot.Axis.DynamicValues | (string | number | null)[][] = [
  [24 * HOUR_S, "{DD} {MMM}", null, null, null, null, null, null, 1],
  [60, "{HH}:{mm}", "\n{DD} {MMM}", null, "\n{DD} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", null, null, null, null, null, null, 1],
];

/** Draws lines on a canvas, as wide as the place is, in the page's colours. */
export function createPlot(
  place: HTMLElement,
  {
    unit,
    labels,
    heightPx,
    handlers,
  }: {
    unit: string;
    labels: string[];
    heightPx: number;
    handlers: {
      current: {
        onCursor?: ((atMs: number | null) => void) | undefined;
        onPick?: ((atMs: number) => void) | undefined;
      };
    };
  },
): Plot {
  const colour = colourIn(place);
  const axis = {
    stroke: colour("var(--soft)"),
    grid: { stroke: colour("var(--line)"), width: 1 },
    ticks: { show: false },
  };
  const font = `12px ${getComputedStyle(place).fontFamily}`;
  let pointed: number | null = null;
  let wanted: number | null = null;
  let isPointing = false;
  const chart = new uPlot(
    {
      width: place.clientWidth,
      height: heightPx,
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), zone.peek()),
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 } },
      axes: [
        { ...axis, font, values: TIMES as uPlot.Axis["values"] & object, space: 64 },
        { ...axis, font, size: 44, space: 36 },
      ],
      scales: {
        y: { range: (_, least, most) => [Math.min(0, least ?? 0), (most ?? 0) > 0 ? (most ?? 1) * 1.06 : 1] },
      },
      series: [
        {},
        ...labels.map((label, at): uPlot.Series => {
          const look = lookOf(at);
          return {
            label: `${label} ${unit}`,
            stroke: colour(look.colour),
            width: 1.5,
            dash: look.dash,
            points: { show: false },
            spanGaps: false,
          };
        }),
      ],
      hooks: {
        setCursor: [
          (self) => {
            const left = self.cursor.left ?? -1;
            // The library also tells of what it moved by itself, as when it has new data.
            if (isPointing || (left >= 0 && !self.over.matches(":hover"))) return;
            const at = left < 0 ? null : self.posToVal(left, "x") * 1000;
            if (at === pointed) return;
            pointed = at;
            handlers.current.onCursor?.(at);
          },
        ],
        // Where an instant is, is known once there are scales, and is elsewhere with others.
        draw: [(self) => point(self)],
      },
    },
    [[], ...labels.map(() => [])],
    place,
  );
  function point(self: uPlot): void {
    // While the pointer is over the chart, the cursor is the pointer's.
    if (wanted === pointed || self.over.matches(":hover") || self.scales.x?.min == null) return;
    isPointing = true;
    const left = wanted === null ? -10 : self.valToPos(wanted / 1000, "x");
    self.setCursor({ left, top: wanted === null ? -10 : 1 }, false);
    isPointing = false;
  }
  chart.over.addEventListener("click", () => {
    if (pointed !== null) handlers.current.onPick?.(pointed);
  });
  const sizing = new ResizeObserver(() => {
    if (place.clientWidth > 0) chart.setSize({ width: place.clientWidth, height: heightPx });
  });
  sizing.observe(place);

  return {
    show(atMs, lines) {
      chart.setData([atMs.map((ms) => ms / 1000), ...lines.map(({ values }) => [...values])]);
    },
    pointTo(atMs) {
      wanted = atMs;
      point(chart);
    },
    close() {
      sizing.disconnect();
      chart.destroy();
    },
  };
}

/** A canvas does not know the page's variables: their colours as they are in a place now. */
function colourIn(place: HTMLElement): (of: string) => string {
  const probe = document.createElement("span");
  return (of) => {
    probe.style.color = of;
    place.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}
