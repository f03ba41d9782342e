import { readFileSync } from "node:fs";
import { KAMPALA } from "./kampala.ts";
import { MOMBASA } from "./mombasa.ts";
import { NAIROBI } from "./nairobi.ts";
import type { City, LngLat, Road } from "./road.ts";

/** Lines that begin farther than this from a city are of no use to its vehicles. */
const CITY_RADIUS_DEG = 0.6; // about 65 km

interface Geometry {
  type?: unknown;
  coordinates?: unknown;
}

const isPoint = (value: unknown): value is [number, number] =>
  Array.isArray(value) && Number.isFinite(value[0]) && Number.isFinite(value[1]);

function lines(geometry: Geometry | null | undefined): LngLat[][] {
  const coordinates = geometry?.coordinates;
  if (!Array.isArray(coordinates)) return [];
  const candidates =
    geometry?.type === "LineString" ? [coordinates] : geometry?.type === "MultiLineString" ? coordinates : [];
  return candidates
    .map((line: unknown): LngLat[] =>
      Array.isArray(line) ? line.filter(isPoint).map(([lng, lat]) => [lng, lat]) : [],
    )
    .filter((line) => line.length >= 2);
}

/**
 * Reads a GeoJSON file of LineStrings and MultiLineStrings. Where it has lines near one of the three cities
 * they replace that city's built-in roads; the other cities keep theirs.
 *
 * @throws when the file is no GeoJSON or holds no line near any of the cities
 */
export function citiesWithRoadsFrom(file: string): City[] {
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  const features: unknown = (parsed as { features?: unknown }).features;
  const found = new Map<City, Road[]>();
  for (const feature of Array.isArray(features) ? features : [parsed]) {
    const { geometry, properties } = feature as { geometry?: Geometry; properties?: { name?: unknown } };
    for (const points of lines(geometry ?? (feature as Geometry))) {
      const city = cityNear(points[0]);
      if (city === undefined) continue;
      const roads = found.get(city) ?? [];
      roads.push({ name: String(properties?.name ?? file), points });
      found.set(city, roads);
    }
  }
  if (found.size === 0) {
    throw new Error(
      `${file} has no LineString or MultiLineString within 65 km of Nairobi, Mombasa or Kampala. ` +
        "Coordinates must be WGS-84 and in the order longitude, latitude.",
    );
  }
  return [NAIROBI, MOMBASA, KAMPALA].map((city) => ({ ...city, roads: found.get(city) ?? city.roads }));
}

function cityNear(point: LngLat | undefined): City | undefined {
  if (point === undefined) return undefined;
  return [NAIROBI, MOMBASA, KAMPALA].find(
    ({ centre }) => Math.hypot(point[0] - centre[0], point[1] - centre[1]) < CITY_RADIUS_DEG,
  );
}
