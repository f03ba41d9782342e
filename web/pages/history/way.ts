// A vehicle's way of a day, as numbers: a day of a fix a second is looked at with every movement of a pointer.

import type { Bounds } from "../../map/geo.ts";
import type { Answers } from "../../shell/api.ts";

type Position = number[];
type Track = Answers["Track"];
type Feature = Track["features"][number];
export type Stop = Extract<Feature["properties"], { kind: "stop" }> & { lng: number; lat: number };

/** Nothing is known between two fixes. */
export interface Gap {
  fromMs: number;
  toMs: number;
  from: [lng: number, lat: number];
  to: [lng: number, lat: number];
}

/** Columns of equal length, oldest fix first. */
export interface Way {
  atMs: Float64Array;
  lng: Float64Array;
  lat: Float64Array;
  /** NaN: unknown. */
  speedKmh: Float32Array;
  /** Counts up after each gap. */
  segment: Int32Array;
  /** The same places as lines, open at gaps, as they came. */
  lines: Position[][];
  stops: Stop[];
  gaps: Gap[];
  bounds: Bounds | null;
}

/** Where a vehicle was at an instant, as far as anybody knows. */
export interface Whereabouts {
  lng: number;
  lat: number;
  speedKmh: number | null;
  /** In a gap, before the first fix or after the last: the place is the nearest that is known. */
  isKnown: boolean;
}

export const EMPTY_WAY: Way = {
  atMs: new Float64Array(),
  lng: new Float64Array(),
  lat: new Float64Array(),
  speedKmh: new Float32Array(),
  segment: new Int32Array(),
  lines: [],
  stops: [],
  gaps: [],
  bounds: null,
};

/** Reads a track. Its lines meet where one ends and the next begins: that fix is taken once. */
export function wayOf({ features }: Track): Way {
  let size = 0;
  for (const { properties } of features) if (properties.kind !== "stop") size += properties.coordTimes.length;
  const [atMs, lng, lat] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const [speedKmh, segment] = [new Float32Array(size), new Int32Array(size)];
  const readInstant = createReader();
  const stops: Stop[] = [];
  const lines: Position[][] = [];
  let n = 0;
  for (const { geometry, properties } of features) {
    if (properties.kind === "stop") {
      const [stopLng = 0, stopLat = 0] = geometry.coordinates as Position;
      stops.push({ ...properties, lng: stopLng, lat: stopLat });
      continue;
    }
    const places = (geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates) as Position[];
    const { coordTimes, speedsKmh } = properties;
    // A line needs two ends, also where a fix is alone between two gaps.
    lines.push(places.length === 1 ? [...places, ...places] : places);
    for (let i = 0; i < places.length; i++) {
      const ms = readInstant(coordTimes[i] ?? "");
      if (n > 0 && ms <= (atMs[n - 1] ?? 0)) continue;
      const place = places[i];
      atMs[n] = ms;
      lng[n] = place?.[0] ?? 0;
      lat[n] = place?.[1] ?? 0;
      speedKmh[n] = speedsKmh[i] ?? Number.NaN;
      segment[n] = properties.segment;
      n += 1;
    }
  }
  const columns = {
    atMs: atMs.subarray(0, n),
    lng: lng.subarray(0, n),
    lat: lat.subarray(0, n),
    speedKmh: speedKmh.subarray(0, n),
    segment: segment.subarray(0, n),
  };
  return { ...columns, lines, stops, gaps: gapsIn(columns), bounds: boundsIn(columns) };
}

/** Of thousands of instants nearly all are of the day of the one before: those are read off their digits. */
function createReader(): (iso: string) => number {
  let day = "";
  let dayMs = 0;
  const digits = (iso: string, at: number) => (iso.charCodeAt(at) - 48) * 10 + iso.charCodeAt(at + 1) - 48;
  return (iso) => {
    if (iso.length !== 20) return Date.parse(iso);
    if (day === "" || !iso.startsWith(day)) {
      day = iso.slice(0, 11);
      dayMs = Date.parse(`${day}00:00:00Z`);
    }
    return dayMs + ((digits(iso, 11) * 60 + digits(iso, 14)) * 60 + digits(iso, 17)) * 1000;
  };
}

type Columns = Pick<Way, "atMs" | "lng" | "lat" | "segment">;

function boundsIn({ lng, lat }: Columns): Bounds | null {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (let i = 0; i < lng.length; i++) {
    const x = lng[i] ?? 0;
    const y = lat[i] ?? 0;
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  return lng.length === 0 ? null : [west, south, east, north];
}

function gapsIn({ atMs, lng, lat, segment }: Columns): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < atMs.length; i++) {
    if (segment[i] === segment[i - 1]) continue;
    gaps.push({
      fromMs: atMs[i - 1] ?? 0,
      toMs: atMs[i] ?? 0,
      from: [lng[i - 1] ?? 0, lat[i - 1] ?? 0],
      to: [lng[i] ?? 0, lat[i] ?? 0],
    });
  }
  return gaps;
}

/** The last fix at or before an instant; -1 before the first. */
export function indexAt(atMs: Float64Array, ms: number): number {
  let [low, high] = [0, atMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atMs[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Between two fixes of a segment it is somewhere on the straight line. Null without a fix. */
export function whereaboutsAt(way: Way, ms: number): Whereabouts | null {
  const { atMs, lng, lat, speedKmh, segment } = way;
  if (atMs.length === 0) return null;
  const i = indexAt(atMs, ms);
  const place = (at: number, isKnown: boolean): Whereabouts => ({
    lng: lng[at] ?? 0,
    lat: lat[at] ?? 0,
    speedKmh: isKnown ? knownOr(speedKmh[at]) : null,
    isKnown,
  });
  if (i < 0) return place(0, false);
  if (i === atMs.length - 1) return place(i, ms === atMs[i]);
  if (segment[i] !== segment[i + 1]) return place(i, ms === atMs[i]);
  const share = (ms - (atMs[i] ?? 0)) / ((atMs[i + 1] ?? 0) - (atMs[i] ?? 0));
  const here = place(i, true);
  here.lng += ((lng[i + 1] ?? 0) - here.lng) * share;
  here.lat += ((lat[i + 1] ?? 0) - here.lat) * share;
  return here;
}

/**
 * The instant of the fix that is nearest to a place.
 * @param withinM further away it is of no fix
 */
export function nearestInstant(
  ways: readonly Way[],
  { lng, lat }: { lng: number; lat: number },
  withinM: number,
): number | null {
  const perLatM = 111_320;
  const perLngM = perLatM * Math.cos((lat * Math.PI) / 180);
  let best = withinM ** 2;
  let found: number | null = null;
  for (const way of ways) {
    for (let i = 0; i < way.atMs.length; i++) {
      const dx = ((way.lng[i] ?? 0) - lng) * perLngM;
      const dy = ((way.lat[i] ?? 0) - lat) * perLatM;
      const apart = dx * dx + dy * dy;
      if (apart < best) {
        best = apart;
        found = way.atMs[i] ?? null;
      }
    }
  }
  return found;
}

export const knownOr = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;
