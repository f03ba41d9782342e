import * as z from "zod";

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
        .regex(/^\P{Cc}*$/u, "has control characters")
        .refine((text) => text.isWellFormed(), "holds half a character"),
    );

/** What people say of a geofence beside its geometry; what is left out stays as it is. */
export const geofenceProperties = {
  name: word(200),
  kind: word(50),
  radiusM: z.number().nullish(),
  enabled: z.boolean().nullish(),
  rejoinS: z.number().int().min(0).max(3_600).nullish(),
  minStayS: z.number().int().min(0).max(86_400).nullish(),
};

/** A geofence as it is to be. */
export interface Geofence {
  name: string;
  kind: string;
  /** GeoJSON; the database judges it. */
  geometry: unknown;
  /** Of a Point, which alone has one. */
  radiusM?: number | null | undefined;
  /** Absent or null: as it is; of a new one the usual. */
  enabled?: boolean | null | undefined;
  rejoinS?: number | null | undefined;
  minStayS?: number | null | undefined;
}
