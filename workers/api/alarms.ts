import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectAlarms from "#sql/workers/api/alarms.sql";
import type { ApiEnv } from "./context.ts";
import { csvFile } from "./csv.ts";
import { anyOf, jsonList, LIST_HINT, pageLimit, plainText } from "./filters.ts";
import { answerList, CSV_HINT, type FactList } from "./lists.ts";
import { instantsOf, instantsQuery } from "./periods.ts";
import { afterParameter } from "./place-word.ts";
import { REVISED_SPAN_HINT } from "./revised-span.ts";
import { exampleVehicle, nextPage, problemAnswers } from "./schemas.ts";
import { selectBody } from "./select.ts";
import { vehicleFilter, vehicleFilterQuery } from "./vehicle-filter.ts";

const LONGEST_DAYS = 92;

const PLACE = ["at", "imei", "code", "fence"] as const;

const query = z.object({
  ...instantsQuery,
  ...vehicleFilterQuery,
  code: anyOf(plainText).openapi({
    description: `${LIST_HINT}, with their list: \`jimi:48\`, \`jt:265.2\`, \`word:overSpeed\`. Any of equal codes finds all of them`,
    example: "jimi:48,jimi:41",
  }),
  class: anyOf(plainText).openapi({
    description: `${LIST_HINT}: what it is about, like driving, speed, fence, power`,
    example: "driving",
  }),
  state: z.enum(["open", "ended"]).optional().openapi({
    description: "`open`: no end was reported. Most kinds never report one",
    example: "open",
  }),
  format: z
    .enum(["json", "geojson", "csv"])
    .default("json")
    .openapi({
      description: `\`geojson\` is without vehicles that are hidden on maps. ${CSV_HINT}`,
      example: "geojson",
    }),
  limit: pageLimit,
  after: afterParameter(["2026-01-15T08:30:00.000000Z", exampleVehicle.imei, "jimi:48", ""]),
});

const text = z.string().nullable();
const number = z.number().nullable();

const alarm = z
  .object({
    imei: z.string(),
    name: text,
    plate: text,
    driver: text.openapi({ description: "Who drove at the time" }),
    account: text,
    code: z.string().openapi({ description: "The same for all codes of one event" }),
    class: text.openapi({ description: "What it is about; null for a code nobody knows" }),
    harsh: z.boolean().nullable().openapi({ description: "Counts as harsh driving" }),
    alarmName: text,
    reportedCode: z.string().openapi({ description: "As it came first" }),
    fenceId: text,
    alarmAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable().openapi({ description: "Null where no end was reported" }),
    lat: number,
    lng: number,
    speedKmh: number,
    level: number.openapi({ description: "1 or 2, of JT/T codes" }),
    value: text.openapi({ description: "What was measured, as sent" }),
    files: text.openapi({ description: "Media, as sent" }),
    source: z.enum(["poll", "push"]),
  })
  .openapi("Alarm");

const { imei, name, plate, driver, account } = exampleVehicle;

const exampleAlarm = {
  ...{ imei, name, plate, driver, account, code: "jimi:48", class: "driving", harsh: true },
  ...{ alarmName: "Sudden deceleration", reportedCode: "jimi:48", fenceId: null },
  ...{ alarmAt: "2026-01-15T08:30:00Z", endedAt: null, lat: -1.2864, lng: 36.8172, speedKmh: 42 },
  ...{ level: null, value: null, files: null, source: "push" as const },
} satisfies z.input<typeof alarm>;

const columns = Object.keys(alarm.shape) as (keyof typeof exampleAlarm)[];

const alarmList = z
  .object({ alarms: z.array(alarm), next: nextPage })
  .openapi("AlarmList", { example: { alarms: [exampleAlarm], next: null } });

const alarmCollection = z
  .object({
    type: z.literal("FeatureCollection"),
    features: z.array(
      z.object({
        type: z.literal("Feature"),
        geometry: z
          .object({ type: z.literal("Point"), coordinates: z.tuple([z.number(), z.number()]) })
          .nullable()
          .openapi({ description: "Longitude, latitude; null without a place" }),
        properties: alarm,
      }),
    ),
    next: nextPage,
  })
  .openapi("AlarmCollection", {
    example: {
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          geometry: { type: "Point", coordinates: [exampleAlarm.lng, exampleAlarm.lat] },
          properties: exampleAlarm,
        },
      ],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/alarms",
  summary: "What vehicles warned of, newest first",
  description: `Alarms that began in a span of at most ${LONGEST_DAYS} days, each once, whichever way it came. ${REVISED_SPAN_HINT}`,
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "A page, or a file",
      content: {
        "application/json": { schema: alarmList },
        "application/geo+json": { schema: alarmCollection },
        "text/csv": {
          schema: z.string(),
          example: csvFile(columns, [exampleAlarm]),
        },
      },
    },
    304: { description: "Your copy is current" },
    ...problemAnswers,
  },
});

/** `GET /v1/alarms`. */
export function alarms(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const asked = c.req.valid("query");
    const { from, to } = instantsOf(asked, LONGEST_DAYS);
    const { vehicles, drivers } = vehicleFilter(asked);
    const list: FactList = {
      ...{ rows: "alarms", place: PLACE, columns },
      read: (asker, after, most, form) =>
        selectBody(asker, selectAlarms, [
          ...[from, to, vehicles, drivers, after, most, form],
          ...[jsonList(asked.code), jsonList(asked.class), asked.state ?? null],
        ]),
    };
    return answerList(c, list, asked, { from, to }) as never;
  });
}
