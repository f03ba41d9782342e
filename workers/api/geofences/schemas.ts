import { z } from "@hono/zod-openapi";
import { geofenceProperties } from "../../../shared/geofences/properties.ts";
import { nextPage } from "../schemas.ts";

/** Longitude, latitude; an altitude behind them says nothing. */
const position = z.array(z.number()).min(2).max(4);
const rings = z.array(z.array(position));

/** What the database judges further, in sentences: rings that are closed, do not cross themselves, hold something. */
const geometry = z
  .discriminatedUnion(
    "type",
    [
      z.object({ type: z.literal("Polygon"), coordinates: rings }),
      z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(rings) }),
      z.object({ type: z.literal("Point"), coordinates: position }),
    ],
    { error: "must be a Polygon, a MultiPolygon, or a Point with a radiusM" },
  )
  .openapi("GeofenceGeometry", {
    description:
      "GeoJSON (RFC 7946), longitude first: a polygon with its holes, several, or the centre of a circle. At most 20,000 positions",
  });

/** The middle of Nairobi without its park, more or less. */
const exampleGeometry = {
  type: "Polygon" as const,
  coordinates: [
    [
      [36.8, -1.3],
      [36.85, -1.3],
      [36.85, -1.26],
      [36.8, -1.26],
      [36.8, -1.3],
    ],
    [
      [36.81, -1.29],
      [36.815, -1.29],
      [36.815, -1.285],
      [36.81, -1.29],
    ],
  ],
};

const about = {
  name: "Unique",
  kind: "Free text: depot, city zone, customer",
  radiusM: "Of a Point, which alone has one: radius of the circle, m",
  enabled: "One that is not has no visits",
  rejoinS: "Who is outside no longer than this, s, has not left",
  minStayS: "Who surely was inside no longer than this, s, passed by",
};

const said = (name: keyof typeof about, otherwise: string) => ({
  description: `${about[name]}. Left out or null: ${otherwise}`,
});

/** A geofence as it is sent. */
export const geofenceBody = z
  .strictObject({
    name: geofenceProperties.name.openapi({
      type: "string",
      minLength: 1,
      maxLength: 200,
      description: about.name,
    }),
    kind: geofenceProperties.kind.openapi({
      type: "string",
      minLength: 1,
      maxLength: 50,
      description: about.kind,
    }),
    geometry,
    radiusM: geofenceProperties.radiusM.openapi(said("radiusM", "none")),
    enabled: geofenceProperties.enabled.openapi(said("enabled", "true, or as it is")),
    rejoinS: geofenceProperties.rejoinS.openapi(said("rejoinS", "120, or as it is")),
    minStayS: geofenceProperties.minStayS.openapi(said("minStayS", "60, or as it is")),
  })
  .openapi("GeofenceBody");

export const exampleBody = { name: "Westlands", kind: "city zone", geometry: exampleGeometry, minStayS: 300 };

const told = {
  id: z.int(),
  name: z.string().openapi({ description: about.name }),
  kind: z.string().openapi({ description: about.kind }),
  radiusM: z.number().nullable().openapi({ description: about.radiusM }),
  enabled: z.boolean().openapi({ description: about.enabled }),
  rejoinS: z.int().openapi({ description: about.rejoinS }),
  minStayS: z.int().openapi({ description: about.minStayS }),
  bbox: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .openapi({ description: "west, south, east, north, degrees" }),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
};

const exampleTold = {
  ...{
    id: 7,
    name: "Westlands",
    kind: "city zone",
    radiusM: null,
    enabled: true,
    rejoinS: 120,
    minStayS: 300,
  },
  bbox: [36.8, -1.3, 36.85, -1.26] as [number, number, number, number],
  createdAt: "2026-01-12T07:00:00Z",
  changedAt: "2026-01-15T08:30:00Z",
};

const exampleFence = { ...exampleTold, geometry: exampleGeometry };

/** A geofence as it is answered. */
export const geofence = z.object({ ...told, geometry }).openapi("Geofence", { example: exampleFence });

export const geofenceList = z
  .object({ geofences: z.array(geofence), next: nextPage })
  .openapi("GeofenceList", { example: { geofences: [exampleFence], next: null } });

export const geofenceCollection = z
  .object({
    type: z.literal("FeatureCollection"),
    features: z.array(
      z.object({ type: z.literal("Feature"), id: z.int(), geometry, properties: z.object(told) }),
    ),
    next: nextPage,
  })
  .openapi("GeofenceCollection", {
    example: {
      type: "FeatureCollection",
      features: [{ type: "Feature", id: 7, geometry: exampleGeometry, properties: exampleTold }],
      next: null,
    },
  });

const MOST_ID = 2 ** 31 - 1;

/** The number of a geofence, in a path. */
export const geofenceParams = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,9}$/, "must be the number of a geofence")
    .transform(Number)
    .pipe(z.int().max(MOST_ID))
    .openapi({
      type: "integer",
      minimum: 1,
      maximum: MOST_ID,
      param: { name: "id", in: "path" },
      example: 7,
    }),
});
