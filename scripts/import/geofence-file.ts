import { z } from "zod";
import { type Geofence, geofenceProperties } from "../../shared/geofences/properties.ts";
import type { Problem } from "../../shared/tickets/check.ts";

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

/**
 * Reads a FeatureCollection. Geometries are the database's to judge; of everything else each problem is told.
 * @throws where it is none
 */
export function readGeofences(text: string): { fences: FileGeofence[]; problems: Problem[] } {
  const { features } = readCollection(text);
  const fences: FileGeofence[] = [];
  const problems: Problem[] = [];
  const numbers = new Map<string, number>();
  for (const [index, item] of features.entries()) {
    const number = index + 1;
    const given = (item as { properties?: Record<string, unknown> } | null)?.properties;
    const place = featureName(number, given?.name);
    const shape = feature.safeParse(item);
    const parsed = properties.safeParse(given ?? {});
    if (!shape.success) problems.push({ place, reason: "is no Feature" });
    else if (!parsed.success) {
      for (const { path, message } of parsed.error.issues) {
        problems.push({ place, reason: `${path.join(".")}: ${message}` });
      }
    } else {
      const { name } = parsed.data;
      const first = numbers.get(name);
      if (first !== undefined) problems.push({ place, reason: `feature ${first} has the same name` });
      else {
        numbers.set(name, number);
        fences.push({ number, ...parsed.data, geometry: shape.data.geometry });
      }
    }
  }
  return { fences, problems };
}

function readCollection(text: string): z.infer<typeof collection> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`The file is no JSON: ${(error as Error).message}`);
  }
  const read = collection.safeParse(json);
  if (!read.success) throw new Error("The file is no GeoJSON FeatureCollection.");
  if (read.data.features.length === 0) throw new Error("The file has no features.");
  return read.data;
}
