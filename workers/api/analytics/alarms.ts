import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectAlarms from "#sql/workers/api/analytics/alarms.sql";
import type { ApiEnv } from "../context.ts";
import { readDecimal } from "../filters.ts";
import {
  answerFigures,
  comparedFields,
  exampleCompared,
  figuresQuery,
  REVALIDATE,
  UNKNOWN,
  unchangedAnswer,
} from "./period.ts";

const text = z.string().nullable();
const count = z.int().nullable();
const counts = {
  alarms: z.int(),
  before: z.int().openapi({ description: "In the period before" }),
};

const alarmsAnswer = z
  .object({
    ...comparedFields,
    total: z.object({
      alarms: count,
      vehicles: count.openapi({ description: "Vehicles that had any" }),
      vehicleDays: z.int(),
      knownVehicleDays: z.int(),
      before: count,
      vehicleDaysBefore: z.int(),
      knownVehicleDaysBefore: z.int(),
    }),
    classes: z
      .array(z.object({ class: text.openapi({ description: "Null: codes nobody knows" }), ...counts }))
      .openapi({ description: "What they are about, the most frequent first; they add up to the total" }),
    codes: z
      .array(
        z.object({
          code: z.string(),
          name: text,
          class: text,
          harsh: z.boolean().openapi({ description: "Counts as harsh driving" }),
          ...counts,
        }),
      )
      .openapi({ description: "The most frequent" }),
    vehicles: z
      .array(
        z.object({
          imei: z.string(),
          name: text,
          plate: text,
          alarms: z.int(),
          before: count,
          vehicleDays: z.int(),
          knownVehicleDays: z.int(),
        }),
      )
      .openapi({ description: "Those with the most" }),
    days: z
      .array(
        z.object({
          day: z.iso.date(),
          alarms: count,
          vehicles: count,
          vehicleDays: z.int(),
          knownVehicleDays: z.int(),
        }),
      )
      .openapi({ description: "Every day; with `driver`, those on which they had a vehicle" }),
  })
  .openapi("AlarmCounts", {
    example: {
      ...exampleCompared,
      total: {
        ...{ alarms: 612, vehicles: 71, vehicleDays: 1_050, knownVehicleDays: 1_004 },
        ...{ before: 598, vehicleDaysBefore: 1_050, knownVehicleDaysBefore: 998 },
      },
      classes: [{ class: "speed", alarms: 612, before: 598 }],
      codes: [
        { code: "word:overSpeed", name: "Overspeed", class: "speed", harsh: false, alarms: 612, before: 598 },
      ],
      vehicles: [
        {
          ...{ imei: "860000000000001", name: "KDA 123A", plate: "KDA 123A", alarms: 31, before: null },
          ...{ vehicleDays: 7, knownVehicleDays: 6 },
        },
      ],
      days: [{ day: "2026-01-15", alarms: 90, vehicles: 22, vehicleDays: 150, knownVehicleDays: 144 }],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/analytics/alarms",
  summary: "What vehicles warned of, by class, code, vehicle and day",
  description: `A day of which nothing is known counts as unknown, not as one without alarms. ${UNKNOWN} ${REVALIDATE}`,
  security: [{ key: [] }],
  request: {
    query: figuresQuery.extend({
      top: z
        .string()
        .default("10")
        .transform(readDecimal)
        .pipe(z.int().min(1).max(100))
        .openapi({
          ...{ type: "integer", minimum: 1, maximum: 100, default: 10, example: 5 },
          description: "How many codes and vehicles",
        }),
    }),
  },
  responses: {
    200: { description: "The counts", content: { "application/json": { schema: alarmsAnswer } } },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/alarms`. */
export function alarms(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { top, ...query } = c.req.valid("query");
    return answerFigures(c, query, { statement: selectAlarms }, [top]) as never;
  });
}
