// What the selected vehicle did in the last hours, and its line on the map.

import type { Feature, FeatureCollection } from "geojson";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask, client } from "../../shell/api.ts";

type Track = Answers["Track"];
type Activity = Answers["Activity"];

export const HOURS = 6;
const EVERY_MS = 60_000;
/** Roads bend more than this; half of the fixes can go. */
const TOLERANCE_M = 8;

const from = () => new Date(client.nowMs() - HOURS * 3_600_000).toISOString();

/** @param imei null asks nothing */
export const useTrack = (imei: string | null) =>
  useAnswer(
    imei && `track of the last hours ${imei}`,
    (signal) =>
      ask("Track", `/v1/vehicles/${imei}/track`, { from: from(), simplify: TOLERANCE_M }, { signal }),
    { everyMs: EVERY_MS },
  );

/** @param imei null asks nothing */
export const useActivity = (imei: string | null) =>
  useAnswer(
    imei && `activity of the last hours ${imei}`,
    (signal) => ask("Activity", `/v1/vehicles/${imei}/activity`, { from: from() }, { signal }),
    { everyMs: EVERY_MS },
  );

/** Since when it is in its status, as far as the hours tell; null where they do not. */
export function sinceOf(
  { stretches, from: begin }: Activity,
  status: string,
): { at: string; isOlder: boolean } | null {
  // The last moments are unknown until a fix tells of them.
  const last = stretches.findLast(({ state }) => state !== "unknown");
  const wanted = status === "silent" ? "parked" : status;
  if (last?.state !== wanted) return null;
  return { at: last.from, isOlder: Date.parse(last.from) <= Date.parse(begin) };
}

/** Where it stood last, if an address is known. */
export function lastPlaceOf(track: Track): { place: string; from: string } | null {
  for (const { properties } of [...track.features].reverse()) {
    if (properties.kind === "stop" && properties.place !== null) {
      return { place: properties.place, from: properties.from };
    }
  }
  return null;
}

/** Its line and its stops, with the positions that came since the line was asked for. */
export function lineOf(track: Track | null, tail: readonly [number, number][]): FeatureCollection {
  const features: Feature[] = (track?.features ?? []).map(({ geometry, properties: { kind } }) => ({
    type: "Feature",
    geometry,
    properties: { kind },
  }));
  const newest = track?.features.findLast(({ properties }) => properties.kind === "line")?.geometry;
  const end = newest?.type === "LineString" ? newest.coordinates.at(-1) : undefined;
  const coordinates = end ? [end, ...tail] : [...tail];
  if (coordinates.length > 1) {
    features.push({
      type: "Feature",
      geometry: { type: "LineString", coordinates },
      properties: { kind: "line" },
    });
  }
  return { type: "FeatureCollection", features };
}
