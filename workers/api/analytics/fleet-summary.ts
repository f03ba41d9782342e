import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectFleetSummary from "#sql/workers/api/analytics/fleet-summary.sql";
import type { ApiEnv } from "../context.ts";
import {
  answerFigures,
  comparedFields,
  exampleCompared,
  figuresQuery,
  REVALIDATE,
  UNKNOWN,
  unchangedAnswer,
} from "./period.ts";

const number = z.number().nullable();

const figure = z
  .object({
    value: number.openapi({ description: "Of the period, of what is known" }),
    knownVehicleDays: z.int().openapi({ description: "Days of vehicles it rests on, of `vehicleDays`" }),
    before: number.openapi({ description: "Of the period before" }),
    knownVehicleDaysBefore: z.int().openapi({ description: "Of `vehicleDaysBefore`" }),
    change: number.openapi({ description: "value − before; null where either is not known" }),
    changeShare: number.openapi({ description: "change ÷ before; null where that is 0, too" }),
  })
  .openapi("ComparedFigure", {
    example: {
      ...{ value: 18_204.3, knownVehicleDays: 1_004, before: 17_950.1, knownVehicleDaysBefore: 998 },
      ...{ change: 254.2, changeShare: 0.0142 },
    },
  });

const of = (description: string) => figure.openapi({ description });

const summary = z
  .object({
    ...comparedFields,
    vehicles: z.int().openapi({
      description: "Vehicles that match and are enabled, or were heard of in either period",
    }),
    vehicleDays: z.int().openapi({
      description: "Vehicles times days; with `driver` the days on which these had a vehicle",
    }),
    vehicleDaysBefore: z.int(),
    figures: z.object({
      vehiclesKnown: of("Vehicles of which anything is known"),
      vehiclesActive: of("Those that moved"),
      distanceKm: of("The distance that counts, km"),
      movingS: of("Under way, s"),
      idlingS: of("Standing with the ignition on, s"),
      parkedS: of("Standing with the ignition not on, s"),
      unknownS: of(
        "The rest of all days, s, also of those of which nothing is known, and what is to come of today. Not known by driver",
      ),
      trips: of("Trips that began"),
      fuelReportedL: of("Fuel by the vendor's trips, l. Not known by driver"),
      fuelEstimatedL: of("Distance by consumption, l; never added to the reported"),
      alarms: of("Alarms of any kind"),
      speedingEvents: of("Alarms of the class speed"),
      harshEvents: of("Alarms of harsh driving"),
      coverageShare: of(
        "Of the time vehicles were under way, the share that is known, 0 to 1; rests on the days on which they were. Not known by driver",
      ),
    }),
  })
  .openapi("FleetSummary", {
    example: {
      ...exampleCompared,
      ...{ vehicles: 150, vehicleDays: 1_050, vehicleDaysBefore: 1_050 },
      figures: {
        vehiclesKnown: compared(148, 147, 1_004, 998, 1, 0.0068),
        vehiclesActive: compared(141, 140, 1_004, 998, 1, 0.0071),
        distanceKm: compared(18_204.3, 17_950.1, 1_004, 998, 254.2, 0.0142),
        movingS: compared(2_912_400, 2_880_100, 1_004, 998, 32_300, 0.0112),
        idlingS: compared(604_800, 610_000, 1_004, 998, -5_200, -0.0085),
        parkedS: compared(79_200_000, 78_900_000, 1_004, 998, 300_000, 0.0038),
        unknownS: compared(8_002_800, 8_329_900, 1_050, 1_050, -327_100, -0.0393),
        trips: compared(4_120, 4_055, 1_004, 998, 65, 0.016),
        fuelReportedL: compared(null, null, 0, 0, null, null),
        fuelEstimatedL: compared(1_911.5, 1_884.8, 1_004, 998, 26.7, 0.0142),
        alarms: compared(612, 598, 1_004, 998, 14, 0.0234),
        speedingEvents: compared(88, 0, 1_004, 998, 88, null),
        harshEvents: compared(41, 52, 1_004, 998, -11, -0.2115),
        coverageShare: compared(0.991, 0.987, 902, 897, 0.004, 0.0041),
      },
    },
  });

/** A figure of the example. */
function compared(
  value: number | null,
  before: number | null,
  knownVehicleDays: number,
  knownVehicleDaysBefore: number,
  change: number | null,
  changeShare: number | null,
): z.input<typeof figure> {
  return { value, knownVehicleDays, before, knownVehicleDaysBefore, change, changeShare };
}

const route = createRoute({
  method: "get",
  path: "/v1/analytics/fleet-summary",
  summary: "What the fleet did, beside the period before",
  description: `${UNKNOWN} ${REVALIDATE}`,
  security: [{ key: [] }],
  request: { query: figuresQuery },
  responses: {
    200: { description: "The figures", content: { "application/json": { schema: summary } } },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/fleet-summary`. */
export function fleetSummary(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(
    route,
    async (c) => answerFigures(c, c.req.valid("query"), { statement: selectFleetSummary }) as never,
  );
}
