import { z } from "zod";
import { type Geofence, geofenceProperties } from "../../shared/geofences/properties.ts";

/** A geofence with its feature in the file, from 1. */
export interface FileGeofence extends Geofence {
  number: number;
}

const properties = z.object(geofenceProperties);

const collection = z.object({ type: z.literal("FeatureCollection"), features: z.array(z.unknown()) });
const feature = z.object({ type: z.literal("Feature"), geometry: z.unknown() });

/** How an error names a feature. */
export const featureName = (number: number, name: unknown) =>
  `feature ${number}${typeof name === "string" && name.trim() !== "" ? ` (${name.trim().slice(0, 200)})` : ""}`;

/** Reads a FeatureCollection. Geometries are the database's to judge; of everything else each error is told. */
export function readGeofences(text: string): { fences: FileGeofence[]; errors: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { fences: [], errors: [`The file is no JSON: ${(error as Error).message}`] };
  }
  const read = collection.safeParse(json);
  if (!read.success) return { fences: [], errors: ["The file is no GeoJSON FeatureCollection."] };
  if (read.data.features.length === 0) return { fences: [], errors: ["The file has no features."] };
  const fences: FileGeofence[] = [];
  const errors: string[] = [];
  const numbers = new Map<string, number>();
  for (const [index, item] of read.data.features.entries()) {
    const number = index + 1;
    const given = (item as { properties?: Record<string, unknown> } | null)?.properties;
    const what = featureName(number, given?.name);
    const shape = feature.safeParse(item);
    if (!shape.success) {
      errors.push(`${what}: is no Feature`);
      continue;
    }
    const parsed = properties.safeParse(given ?? {});
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues)
        errors.push(`${what}: ${path.join(".")}: ${message}`);
      continue;
    }
    const { name } = parsed.data;
    const first = numbers.get(name);
    if (first !== undefined) errors.push(`${what}: feature ${first} has the same name`);
    else numbers.set(name, number);
    fences.push({ number, ...parsed.data, geometry: shape.data.geometry });
  }
  return { fences, errors };
}
