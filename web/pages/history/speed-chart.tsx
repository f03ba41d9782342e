import { useMemo } from "preact/hooks";
import { Lines } from "../../charts/lines.tsx";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/history.ts";
import { type VehicleDay, wayIn } from "./day.ts";
import type { Replay } from "./replay.ts";
import { gridOf, speedsOn } from "./speeds.ts";
import { type Day, MOST_VEHICLES } from "./view.ts";

const HEIGHT_PX = 150;

/** How fast each was; a pointer on it chooses the instant. */
export function SpeedChart({
  vehicles,
  day,
  replay,
}: {
  vehicles: readonly VehicleDay[];
  day: Day;
  replay: Replay;
}) {
  const { fromMs, toMs } = day;
  const grid = useMemo(() => gridOf(fromMs, toMs), [fromMs, toMs]);
  const ways = vehicles.map(wayIn);
  const labels = vehicles.map(({ label }) => label);
  const lines = useMemo(
    () => ways.map((way, at) => ({ label: labels[at] ?? "", values: speedsOn(way, fromMs, grid) })),
    [grid, labels.join("\n"), ...Array.from({ length: MOST_VEHICLES }, (_, slot) => ways[slot])],
  );
  return (
    <Lines
      label={words.speed}
      unit={t.units.kmh}
      atMs={grid}
      lines={lines}
      heightPx={HEIGHT_PX}
      cursorMs={replay.atMs.value}
      onCursor={(ms) => {
        if (ms !== null && !replay.isPlaying.peek()) replay.seek(ms);
      }}
      onPick={(ms) => {
        replay.pause();
        replay.seek(ms);
      }}
    />
  );
}
