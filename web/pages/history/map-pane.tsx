import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import { type Bounds, boundsOf, metresPerPixel, type Place } from "../../map/geo.ts";
import { FleetMap, type MapHandle, type MapLayer } from "../../map/map.tsx";
import { durationS } from "../../parts/format.ts";
import { day as dayWords, msOf } from "../../parts/time.ts";
import { isDark } from "../../shell/theme.ts";
import { words } from "../../texts/history.ts";
import { type Alarm, type VehicleDay, wayIn } from "./day.ts";
import {
  ALARMS,
  collection,
  coloursOfWays,
  gapId,
  gapsOf,
  linesOf,
  MARKS,
  markLayers,
  NOW,
  nowLayers,
  pointAt,
  STOPS,
  wayId,
  wayLayers,
} from "./layers.ts";
import type { Replay } from "./replay.ts";
import { MOST_VEHICLES } from "./view.ts";
import { EMPTY_WAY, nearestInstant, type Way, whereaboutsAt } from "./way.ts";

/** So near to a way a pointer means it, px; a finger is wider. */
const POINTER_PX = 14;
const FINGER_PX = 28;
/** A map that follows moves so often. */
const FOLLOW_MS = 700;

/** The ways of the day; a pointer on one of them chooses the instant. */
export function MapPane({
  vehicles,
  alarms,
  day,
  replay,
  isKept,
  handle,
}: {
  vehicles: readonly VehicleDay[];
  alarms: readonly Alarm[];
  day: string;
  replay: Replay;
  /** The map follows the first vehicle while the day is played. */
  isKept: boolean;
  handle: (map: MapHandle | null) => void;
}) {
  const map = useRef<MapHandle | null>(null);
  const ways = vehicles.map(wayIn);
  const layers = useLayers(vehicles, ways, alarms, replay);
  const isWhole = vehicles.every(({ way }) => !way.isOld && (way.data !== null || way.error !== null));
  const fit = useMemo(
    () => (isWhole ? boundsOf(ways.flatMap(({ bounds }) => (bounds ? cornersOf(bounds) : []))) : null),
    [isWhole, ...slotsOf(ways)],
  );
  useKeepInView(ways[0] ?? EMPTY_WAY, replay, isKept, map);

  function seek(place: Place, reachPx: number) {
    if (replay.isPlaying.peek()) return;
    const zoom = map.current?.camera().zoom ?? 0;
    const instant = nearestInstant(ways, place, metresPerPixel(place.lat, zoom) * reachPx);
    if (instant !== null) replay.seek(instant);
  }

  const labels = vehicles.map(({ label }) => label).join(", ");
  return (
    <FleetMap
      label={words.map}
      summary={labels === "" ? words.mapNothing : words.mapSummary(labels, dayWords(day))}
      fit={fit}
      fitKey={`${day} ${vehicles.map(({ imei }) => imei).join()}`}
      layers={layers}
      onPointer={(place) => place && seek(place, POINTER_PX)}
      onClick={(place) => seek(place, FINGER_PX)}
      handle={useCallback(
        (made: MapHandle | null) => {
          map.current = made;
          handle(made);
        },
        [handle],
      )}
    />
  );
}

function useLayers(
  vehicles: readonly VehicleDay[],
  ways: readonly Way[],
  alarms: readonly Alarm[],
  replay: Replay,
) {
  const dark = isDark();
  const colours = useMemo(coloursOfWays, [dark]);
  const drawn = useMemo(
    () => ({ ways: wayLayers(colours), marks: markLayers(colours), now: nowLayers(colours) }),
    [colours],
  );
  const lines = useSources(ways);
  const marks = useMemo(
    () => ({ [STOPS]: collection(stopsOf(vehicles, ways, colours)), [ALARMS]: collection(alarmsOf(alarms)) }),
    [colours, alarms, ...slotsOf(ways)],
  );
  const under = useMemo(
    (): MapLayer => ({ id: "history-ways", sources: lines, layers: drawn.ways }),
    [lines, drawn],
  );
  const over = useMemo(
    (): MapLayer => ({
      id: MARKS,
      sources: marks,
      layers: drawn.marks,
      onClick: ({ atMs }) => typeof atMs === "number" && replay.seek(atMs),
    }),
    [marks, drawn, replay],
  );
  const atMs = replay.atMs.value;
  const now = useMemo(
    (): MapLayer => ({
      id: NOW,
      sources: { [NOW]: placesNow(vehicles, ways, colours, atMs) },
      layers: drawn.now,
    }),
    [atMs, drawn, vehicles.map(({ label }) => label).join("\n"), ...slotsOf(ways)],
  );
  return useMemo(() => [under, over, now], [under, over, now]);
}

/** A slot's lines are made anew only when its own way is another. */
function useSources(ways: readonly Way[]): MapLayer["sources"] {
  const slots = slotsOf(ways);
  const [a, b, c, d, e] = slots;
  const first = useMemo(() => sourcesOf(0, a), [a]);
  const second = useMemo(() => sourcesOf(1, b), [b]);
  const third = useMemo(() => sourcesOf(2, c), [c]);
  const fourth = useMemo(() => sourcesOf(3, d), [d]);
  const fifth = useMemo(() => sourcesOf(4, e), [e]);
  return useMemo(
    () => ({ ...first, ...second, ...third, ...fourth, ...fifth }),
    [first, second, third, fourth, fifth],
  );
}

const sourcesOf = (slot: number, way: Way = EMPTY_WAY): MapLayer["sources"] => ({
  [wayId(slot)]: linesOf(way),
  [gapId(slot)]: gapsOf(way, (seconds) => words.noData(durationS(seconds))),
});

/** As many as there may be, so that hooks always have as many to look at. */
const slotsOf = (ways: readonly Way[]): Way[] =>
  Array.from({ length: MOST_VEHICLES }, (_, slot) => ways[slot] ?? EMPTY_WAY);

const cornersOf = ([west, south, east, north]: Bounds): Place[] => [
  { lng: west, lat: south },
  { lng: east, lat: north },
];

type Colours = ReturnType<typeof coloursOfWays>;

const stopsOf = (vehicles: readonly VehicleDay[], ways: readonly Way[], { looks }: Colours) =>
  ways.flatMap(({ stops }, slot) =>
    stops.map(({ lng, lat, number, from }) =>
      pointAt(lng, lat, {
        ...{ sign: String(number), atMs: msOf(from) },
        colour: looks[vehicles[slot]?.slot ?? 0]?.colour ?? "",
      }),
    ),
  );

const alarmsOf = (alarms: readonly Alarm[]) =>
  alarms.flatMap(({ lng, lat, alarmAt }) =>
    lng === null || lat === null ? [] : [pointAt(lng, lat, { sign: "!", atMs: msOf(alarmAt) })],
  );

const placesNow = (
  vehicles: readonly VehicleDay[],
  ways: readonly Way[],
  { looks }: Colours,
  atMs: number | null,
) =>
  collection(
    vehicles.flatMap(({ label, slot }, i) => {
      const here = atMs === null ? null : whereaboutsAt(ways[i] ?? EMPTY_WAY, atMs);
      if (here === null) return [];
      const properties = { label, colour: looks[slot]?.colour ?? "", opacity: here.isKnown ? 1 : 0.25 };
      return [pointAt(here.lng, here.lat, properties)];
    }),
  );

function useKeepInView(way: Way, replay: Replay, isKept: boolean, map: { current: MapHandle | null }): void {
  const isPlaying = replay.isPlaying.value;
  useEffect(() => {
    if (!isKept || !isPlaying) return;
    const timer = setInterval(() => {
      const here = whereaboutsAt(way, replay.atMs.peek() ?? 0);
      if (here) map.current?.reveal(here);
    }, FOLLOW_MS);
    return () => clearInterval(timer);
  }, [way, replay, isKept, isPlaying, map]);
}
