import { z } from "@hono/zod-openapi";
import { STATUSES } from "../../shared/live/status.ts";
import { exampleProperties, exampleVehicle, liveProperties } from "./schemas.ts";

const numbers = z.array(z.number().nullable());
const texts = z.array(z.string().nullable());
const flags = z.array(z.boolean().nullable());

/** What every form of the live map says of the whole. */
export const liveHead = z.object({
  version: z.string().openapi({ description: "Opaque; also the ETag, and what a stream resumes from" }),
  asOf: z.iso.datetime().openapi({ description: "Since when this version holds" }),
  behindSince: z.iso.datetime().nullable().openapi({
    description: "Null while the map follows the database; otherwise up to when it did",
  }),
  thresholds: z
    .object({ movingAboveKmh: z.number(), staleAfterS: z.number(), silentAfterS: z.number() })
    .openapi("LiveThresholds", {
      description: "Where the statuses end, for clients that go on judging while they hear nothing",
    }),
});

const exampleHead = {
  version: "5f0c2a9be137.17",
  asOf: "2026-01-15T08:30:10.000Z",
  behindSince: null,
  thresholds: { movingAboveKmh: 3, staleAfterS: 600, silentAfterS: 86_400 },
} satisfies z.input<typeof liveHead>;

const examplePlace = { lat: -1.2864, lng: 36.8172 };

export const featureCollection = z
  .object({
    type: z.literal("FeatureCollection"),
    ...liveHead.shape,
    features: z.array(
      z.object({
        type: z.literal("Feature"),
        id: z.string(),
        geometry: z
          .object({ type: z.literal("Point"), coordinates: z.tuple([z.number(), z.number()]) })
          .nullable()
          .openapi({ description: "Longitude, latitude; null for a vehicle that never had a fix" }),
        properties: liveProperties,
      }),
    ),
  })
  .openapi("LiveFeatureCollection", {
    example: {
      type: "FeatureCollection",
      ...exampleHead,
      features: [
        {
          type: "Feature",
          id: exampleProperties.imei,
          geometry: { type: "Point", coordinates: [examplePlace.lng, examplePlace.lat] },
          properties: exampleProperties,
        },
      ],
    },
  });

export const positionColumns = z
  .object({
    imei: z.array(z.string()),
    lng: numbers,
    lat: numbers,
    headingDeg: numbers,
    speedKmh: numbers,
    status: z.array(z.enum(STATUSES)),
    online: flags,
    ignition: flags,
    fixAgeS: numbers.openapi({ description: "Seconds from the fix to `asOf`" }),
    contactAgeS: numbers.openapi({ description: "Seconds from the last heartbeat to `asOf`" }),
  })
  .openapi("PositionColumns", { description: "One list per column; the n-th values are one vehicle's" });

export const registryColumns = z
  .object({
    imei: z.array(z.string()),
    name: texts,
    plate: texts,
    driver: texts,
    account: texts,
    city: texts,
    segment: texts,
    vehicleType: texts,
    model: texts,
  })
  .openapi("RegistryColumns");

export const liveColumns = z
  .object({ ...liveHead.shape, positions: positionColumns, registry: registryColumns.optional() })
  .openapi("LiveColumns", {
    example: {
      ...exampleHead,
      positions: {
        imei: [exampleProperties.imei],
        lng: [examplePlace.lng],
        lat: [examplePlace.lat],
        headingDeg: [exampleProperties.headingDeg],
        speedKmh: [exampleProperties.speedKmh],
        status: [exampleProperties.status],
        online: [true],
        ignition: [true],
        fixAgeS: [10],
        contactAgeS: [5],
      },
      registry: Object.fromEntries(Object.entries(exampleVehicle).map(([name, value]) => [name, [value]])),
    },
  });

export const neighbours = z
  .object({
    ...liveHead.shape,
    at: z.iso.datetime().openapi({ description: "What the ages are counted to" }),
    vehicles: z.array(
      z.object({
        ...liveProperties.shape,
        lat: z.number(),
        lng: z.number(),
        distanceM: z.int().openapi({ description: "As the crow flies" }),
        fixAgeS: z.int(),
      }),
    ),
  })
  .openapi("Neighbours", {
    example: {
      ...exampleHead,
      at: "2026-01-15T08:30:10.000Z",
      vehicles: [{ ...exampleProperties, ...examplePlace, distanceM: 729, fixAgeS: 10 }],
    },
  });
