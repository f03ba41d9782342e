import { z } from "@hono/zod-openapi";
import { csvFile } from "../csv.ts";
import { placeWord } from "../place-word.ts";
import { exampleVehicle, nextPage } from "../schemas.ts";

const text = z.string().nullable();
const number = z.number().nullable();

/** A place in the list, and the name of a trip: its vehicle and when it began. */
export const TRIP_PLACE = ["imei", "at"] as const;
export const exampleTripPlace = [exampleVehicle.imei, "2026-01-15T05:30:00.000000Z"] as const;

const tripFacts = z
  .object({
    id: z.string().openapi({ description: "As /v1/trips/{id} takes it" }),
    imei: z.string(),
    name: text,
    plate: text,
    driver: text.openapi({ description: "Who drove when it began" }),
    account: text,
    startAt: z.iso.datetime(),
    endAt: z.iso.datetime(),
    durationS: z.int(),
    distanceKm: number.openapi({ description: "By the vendor" }),
    drivingTimeS: number,
    idleTimeS: number,
    avgSpeedKmh: number,
    maxSpeedKmh: number,
    startLat: number,
    startLng: number,
    startAddress: text,
    endLat: number,
    endLng: number,
    endAddress: text,
    fuelL: number,
    source: z.enum(["poll", "push"]),
  })
  .openapi("Trip");

const { imei, name, plate, driver, account } = exampleVehicle;

const exampleTrip = {
  id: placeWord(exampleTripPlace),
  ...{ imei, name, plate, driver, account },
  startAt: "2026-01-15T05:30:00Z",
  endAt: "2026-01-15T06:02:00Z",
  ...{
    durationS: 1_920,
    distanceKm: 14.2,
    drivingTimeS: 1_740,
    idleTimeS: 180,
    avgSpeedKmh: 29.4,
    maxSpeedKmh: 71,
  },
  ...{ startLat: -1.2864, startLng: 36.8172, startAddress: "Kenyatta Avenue, Nairobi" },
  ...{ endLat: -1.3192, endLng: 36.9275, endAddress: "Airport North Road, Nairobi" },
  ...{ fuelL: null, source: "poll" as const },
} satisfies z.input<typeof tripFacts>;

export const TRIP_COLUMNS = Object.keys(tripFacts.shape) as (keyof typeof exampleTrip)[];

export const tripList = z
  .object({ trips: z.array(tripFacts), next: nextPage })
  .openapi("TripList", { example: { trips: [exampleTrip], next: null } });

const position = z.tuple([z.number(), z.number()]);
const line = z.object({ type: z.literal("LineString"), coordinates: z.array(position) });
const lines = z.object({ type: z.literal("MultiLineString"), coordinates: z.array(z.array(position)) });

const exampleLines = {
  type: "MultiLineString" as const,
  coordinates: [
    [
      [36.8172, -1.2864],
      [36.8544, -1.3032],
      [36.9275, -1.3192],
    ],
  ] as [number, number][][],
};

export const tripCollection = z
  .object({
    type: z.literal("FeatureCollection"),
    features: z.array(
      z.object({
        type: z.literal("Feature"),
        id: z.string(),
        geometry: z.union([line, lines]).nullable().openapi({
          description:
            "Straight from start to end; with `lines=true` the way, where it is known, open where it is not. Null without places",
        }),
        properties: tripFacts,
      }),
    ),
    next: nextPage,
  })
  .openapi("TripCollection", {
    example: {
      type: "FeatureCollection",
      features: [{ type: "Feature", id: exampleTrip.id, geometry: exampleLines, properties: exampleTrip }],
      next: null,
    },
  });

export const exampleTripFile = csvFile(TRIP_COLUMNS, [exampleTrip]);

export const tripDetail = z
  .object({
    trip: tripFacts,
    track: lines.nullable().openapi({
      description:
        "Its way, open where nothing is known; null without one, and for vehicles that are hidden on maps",
    }),
    filled: z
      .array(z.enum(["start", "end", "maxSpeedKmh", "idleTimeS"]))
      .openapi({ description: "What the vendor left out and the fixes told" }),
    receivedAt: z.iso
      .datetime()
      .openapi({ description: "When the report came; a later one takes its place" }),
  })
  .openapi("TripDetail", {
    example: {
      trip: exampleTrip,
      track: exampleLines,
      filled: ["idleTimeS"],
      receivedAt: "2026-01-15T06:15:04Z",
    },
  });
