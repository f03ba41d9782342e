import { z } from "zod";

/** A geofence as a file has it; what it leaves out stays as it is. */
export interface Geofence {
  /** Of its feature, from 1. */
  number: number;
  name: string;
  kind: string;
  /** GeoJSON; the database judges it. */
  geometry: unknown;
  radiusM: number | null;
  enabled: boolean | null;
  rejoinS: number | null;
  minStayS: number | null;
}

// Control characters in a name would be a name that nobody can type.
const word = (most: number) =>
  z
    .string()
    .transform((text) => text.normalize("NFC").trim())
    .pipe(
      z
        .string()
        .min(1, "is empty")
        .max(most, `is longer than ${most} characters`)
        .regex(/^\P{Cc}*$/u, "has control characters"),
    );

const properties = z.object({
  name: word(200),
  kind: word(50),
  radiusM: z.number().nullish(),
  enabled: z.boolean().nullish(),
  rejoinS: z.number().int().min(0).max(3_600).nullish(),
  minStayS: z.number().int().min(0).max(86_400).nullish(),
});

const collection = z.object({ type: z.literal("FeatureCollection"), features: z.array(z.unknown()) });
const feature = z.object({ type: z.literal("Feature"), geometry: z.unknown() });

/** How an error names a feature. */
export const featureName = (number: number, name: unknown) =>
  `feature ${number}${typeof name === "string" && name.trim() !== "" ? ` (${name.trim().slice(0, 200)})` : ""}`;

/** Reads a FeatureCollection. Geometries are the database's to judge; of everything else each error is told. */
export function readGeofences(text: string): { fences: Geofence[]; errors: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { fences: [], errors: [`The file is no JSON: ${(error as Error).message}`] };
  }
  const read = collection.safeParse(json);
  if (!read.success) return { fences: [], errors: ["The file is no GeoJSON FeatureCollection."] };
  if (read.data.features.length === 0) return { fences: [], errors: ["The file has no features."] };
  const fences: Geofence[] = [];
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
    const { name, kind, radiusM, enabled, rejoinS, minStayS } = parsed.data;
    const first = numbers.get(name);
    if (first !== undefined) errors.push(`${what}: feature ${first} has the same name`);
    else numbers.set(name, number);
    fences.push({
      ...{ number, name, kind, geometry: shape.data.geometry, radiusM: radiusM ?? null },
      ...{ enabled: enabled ?? null, rejoinS: rejoinS ?? null, minStayS: minStayS ?? null },
    });
  }
  return { fences, errors };
}
