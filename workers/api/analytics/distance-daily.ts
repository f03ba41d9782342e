import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectDistanceDaily from "#sql/workers/api/analytics/distance-daily.sql";
import selectDistanceDailyFile from "#sql/workers/api/analytics/distance-daily-file.sql";
import type { ApiEnv } from "../context.ts";
import { imeiText, pageLimit } from "../filters.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { nextPage } from "../schemas.ts";
import {
  answerFigurePages,
  compared,
  exampleFile,
  type FigureFile,
  type FigureList,
  figuresFormat,
  type Line,
} from "./figure-pages.ts";
import {
  comparedFields,
  exampleCompared,
  figuresQuery,
  MOST_AFTER_CHARACTERS,
  type Place,
  REVALIDATE,
  UNKNOWN,
  unchangedAnswer,
} from "./period.ts";

const number = z.number().nullable();
const text = z.string().nullable();

/** A day, and a vehicle where days have vehicles. */
const place = z.tuple([z.iso.date(), z.union([imeiText, z.literal("")])]);

const part = (description: string) =>
  z.object({ distanceKm: number, vehicleDays: z.int() }).openapi({ description });

const figures = z
  .object({
    vehicleDays: z.int(),
    knownVehicleDays: z.int(),
    distanceKm: number,
    bySource: z
      .object({
        odometer: part("By odometers"),
        vendor: part("By the vendor's trips"),
        gps: part("From fix to fix"),
      })
      .openapi({ description: "Where the distance that counts is known from: they add up to it" }),
  })
  .openapi("Distance");

const exampleFigures: z.input<typeof figures> = {
  ...{ vehicleDays: 150, knownVehicleDays: 144, distanceKm: 2_610.4 },
  bySource: {
    odometer: { distanceKm: 1_980.1, vehicleDays: 110 },
    vendor: { distanceKm: 602.3, vehicleDays: 31 },
    gps: { distanceKm: 28, vehicleDays: 3 },
  },
};

type Figures = z.infer<typeof figures>;

interface Day {
  day: string;
  imei: string | null;
  name: string | null;
  plate: string | null;
  period: Figures;
  before: Figures | null;
}

const exampleDay: Day = {
  ...{ day: "2026-01-15", imei: null, name: null, plate: null, period: exampleFigures, before: null },
};

const lineOf = ({ period, before, ...own }: Day): Line => ({
  ...own,
  ...compared({ period, before }, cellsOf),
});

const cellsOf = ({ bySource: { odometer, vendor, gps }, ...figures }: Figures): Line => ({
  ...figures,
  ...{ odometerKm: odometer.distanceKm, odometerVehicleDays: odometer.vehicleDays },
  ...{ vendorKm: vendor.distanceKm, vendorVehicleDays: vendor.vehicleDays },
  ...{ gpsKm: gps.distanceKm, gpsVehicleDays: gps.vehicleDays },
});

const file: FigureFile = {
  name: "distance-daily",
  columns: Object.keys(lineOf({ ...exampleDay, before: exampleFigures })),
  lines: (page) => (JSON.parse(page) as { days: Day[] }).days.map(lineOf),
};

/** Kilometres of a vehicle on a day, and where they are known from. */
type Driven = [distanceKm: number | null, source: "odometer" | "vendor" | "gps" | null];

/** A line of the file by vehicle, as its statement tells it: the day, and the one beside it. */
type VehicleDay = [
  ...[day: string, imei: string, name: string | null, plate: string | null],
  driven: [period: Driven, before: Driven | null],
];

const vehicleDayOf = ([day, imei, name, plate, [period, before]]: VehicleDay): Day => ({
  ...{ day, imei, name, plate },
  ...{ period: figuresOf(period), before: before && figuresOf(before) },
});

const figuresOf = ([distanceKm, source]: Driven): Figures => {
  const known = distanceKm === null ? 0 : 1;
  const by = (name: Driven[1]) =>
    source === name ? { distanceKm, vehicleDays: known } : { distanceKm: null, vehicleDays: 0 };
  const bySource = { odometer: by("odometer"), vendor: by("vendor"), gps: by("gps") };
  return { vehicleDays: 1, knownVehicleDays: known, distanceKm, bySource };
};

/** The same with a line for each day of each vehicle. */
const vehicleFile: FigureFile = {
  ...file,
  lines: (page) => (JSON.parse(page) as VehicleDay[]).map(vehicleDayOf).map(lineOf),
};

const distanceAnswer = z
  .object({
    ...comparedFields,
    totals: z
      .object({ period: figures.nullable(), before: figures.nullable() })
      .openapi({ description: "Of all days, not of the page alone; null without a vehicle" }),
    days: z.array(
      z.object({
        day: z.iso.date(),
        imei: text.openapi({ description: "With `vehicles=true`" }),
        name: text,
        plate: text,
        period: figures,
        before: figures.nullable().openapi({ description: "Of the day as many days before" }),
      }),
    ),
    next: nextPage,
  })
  .openapi("DistanceDaily", {
    example: {
      ...exampleCompared,
      totals: { period: exampleFigures, before: null },
      days: [exampleDay],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/analytics/distance-daily",
  summary: "How far vehicles drove each day, and where that is known from",
  description: `${UNKNOWN} ${REVALIDATE}`,
  security: [{ key: [] }],
  request: {
    query: figuresQuery.extend({
      vehicles: z
        .enum(["true", "false"])
        .default("false")
        .openapi({ description: "`true`: each day of each vehicle", example: "true" }),
      format: figuresFormat,
      limit: pageLimit,
      after: afterParameter(["2026-01-09", "860000000000000"], MOST_AFTER_CHARACTERS),
    }),
  },
  responses: {
    200: {
      description:
        "A page in the order of days and IMEIs, and the totals; as CSV all days, without the totals",
      content: {
        "application/json": { schema: distanceAnswer },
        "text/csv": { schema: z.string(), example: exampleFile(file, { days: [exampleDay] }) },
      },
    },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/distance-daily`. */
export function distanceDaily(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { vehicles: byVehicle, format, limit, after, ...query } = c.req.valid("query");
    const pageAfter = (last: Place | null, most: number) => [last?.[0] ?? null, last?.[1] ?? null, most];
    const list: FigureList =
      format === "csv" && byVehicle === "true"
        ? { statement: selectDistanceDailyFile, file: vehicleFile, parameters: pageAfter }
        : {
            ...{ statement: selectDistanceDaily, file },
            parameters: (last, most) => [byVehicle === "true", ...pageAfter(last, most)],
          };
    const begin = after === undefined ? null : readPlaceWord(place, "after", after);
    return answerFigurePages(c, query, list, { format, limit, place: begin }) as never;
  });
}
